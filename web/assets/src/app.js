import { keys } from "./keys.js";
import { copying } from "./copy.js";
import { forms } from "./forms.js";
import { drafts } from "./drafts.js";
import { filing } from "./filing.js";
import { merging } from "./merge.js";
import { outbox } from "./outbox.js";
import { photos } from "./photos.js";
import { queue } from "./queue.js";
import { typed } from "./typed.js";
import { passkeys } from "./passkey.js";

// Everything here is comfort: each page reads and files without it.
document.documentElement.classList.add("js");
keys(document);
copying(document);
queue(document); // before forms: what waits for a line is no submission yet
forms(document);
photos(document);
drafts(document);
filing(document);
merging(document);
typed(document);
passkeys(document);
outbox(document);
