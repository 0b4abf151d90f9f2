import { keys } from "./keys.js";
import { copying } from "./copy.js";
import { forms } from "./forms.js";
import { drafts } from "./drafts.js";
import { filing } from "./filing.js";

// Everything here is comfort: each page reads and files without it.
document.documentElement.classList.add("js");
keys(document);
copying(document);
forms(document);
drafts(document);
filing(document);
