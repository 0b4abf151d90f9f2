package exchange

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
)

// Invitation (邀请) is what a member sends to a neighbour so that the neighbour may recognise it: who it is, by which
// keys it is known, where it is reached, and in which circles they would meet. It holds no secret. That it came from
// whom it names is only known when both sides compare its fingerprint over the telephone.
type Invitation struct {
	Member  string          `json:"member"`  // GB/T 2260 code
	Name    string          `json:"name"`    // 遂宁市
	Origin  string          `json:"origin"`  // suining.example
	Key     string          `json:"key"`     // signs its books; 32 bytes in base64, like the next two
	Witness string          `json:"witness"` // cosigns others' heads
	Request string          `json:"request"` // signs its requests to read
	Address string          `json:"address"` // https://suining.example:8443; empty: only by file
	Circles []InvitedCircle `json:"circles"`
}

// InvitedCircle is a circle in which the inviting member has its book.
type InvitedCircle struct {
	Circle  string   `json:"circle"`
	Name    string   `json:"name"`
	Members []string `json:"members"` // GB/T 2260 codes
}

const (
	invitationMark  = "liandong-invitation/1"
	maxInvitation   = 64 << 10 // bytes of the text with what stands around it
	invitationWidth = 64       // characters a line
	maxAddress      = 200      // bytes
	maxCircles      = 32
)

// Invite makes this member's invitation into circles in which it keeps a book.
func Invite(n *node.Node, circles []region.Circle, address string) (Invitation, error) {
	keys, err := region.KeysOf(n.Origin, n.SigningKey())
	if err != nil {
		return Invitation{}, err
	}
	if address, err = Address(address); err != nil {
		return Invitation{}, err
	}
	i := Invitation{
		Member: n.Member, Name: n.Name, Origin: n.Origin, Key: keys.Key, Witness: keys.Witness, Request: keys.Request,
		Address: address, Circles: []InvitedCircle{},
	}
	for _, c := range circles {
		members := c.Members
		if !slices.Contains(members, n.Member) { // a circle was opened with the members that the design names
			members = append(slices.Clone(members), n.Member)
		}
		i.Circles = append(i.Circles, InvitedCircle{c.ID, c.Name, members})
	}
	return i, i.check()
}

// Text writes the invitation in its form, signed with the member's key:
//
//	liandong-invitation/1
//	cUkOAtsJ…
//	….
//
// After the first line stand, in base64url, 64 bytes of Ed25519 signature over that line and the JSON, and the JSON. A
// full stop ends it. Lines may be broken anywhere.
func (i Invitation) Text(key book.Key) (string, error) {
	body, err := i.json()
	if err != nil {
		return "", err
	}
	signature, err := key.Signer(i.Origin).Sign(signedPart(body))
	if err != nil {
		return "", fmt.Errorf("sign the invitation: %w", err)
	}
	data := base64.RawURLEncoding.EncodeToString(append(signature, body...)) + "."
	var b strings.Builder
	b.WriteString(invitationMark)
	for line := range slices.Chunk([]byte(data), invitationWidth) {
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteByte('\n')
	return b.String(), nil
}

func signedPart(body []byte) []byte { return append([]byte(invitationMark+"\n"), body...) }

func (i Invitation) json() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(i); err != nil {
		return nil, fmt.Errorf("encode the invitation: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// ReadInvitation finds an invitation in a text that people pasted. What stands before and after it, broken lines, blanks and
// marks of quotation do no harm. A refusal says what is wrong with it.
func ReadInvitation(text string) (i Invitation, err error) {
	data, err := invitationData(text)
	if err != nil {
		return i, err
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(data)
	if err != nil || len(raw) <= ed25519.SignatureSize {
		return i, refuse.New("exchange.invitation.damaged").At("invitation")
	}
	signature, body := raw[:ed25519.SignatureSize], raw[ed25519.SignatureSize:]
	if err := book.DecodeFacts(body, &i); err != nil {
		return Invitation{}, refuse.New("exchange.invitation.damaged").At("invitation")
	}
	if err := i.check(); err != nil {
		return Invitation{}, err
	}
	key, err := region.PublicKey(i.Key)
	if err != nil {
		return Invitation{}, err
	}
	again, err := i.json()
	if err != nil || !bytes.Equal(again, body) || !ed25519.Verify(key, signedPart(body), signature) {
		return Invitation{}, refuse.New("exchange.invitation.damaged").At("invitation")
	}
	return i, nil
}

// invitationData is what stands between the mark and the full stop, without what chats put between.
func invitationData(text string) (string, error) {
	if len(text) > maxInvitation {
		return "", refuse.New("exchange.invitation.long").At("invitation")
	}
	_, rest, ok := strings.Cut(text, invitationMark)
	if !ok {
		return "", refuse.New("exchange.invitation.absent").At("invitation")
	}
	var b strings.Builder
	for _, r := range rest {
		switch {
		case r == '.' || r == '。' || r == '．':
			return b.String(), nil
		case r == '-' || r == '_' || r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '>' || r == '|': // Cf: marks without width
		default:
			return "", refuse.New("exchange.invitation.letter", "letter", string(r)).At("invitation")
		}
	}
	return "", refuse.New("exchange.invitation.cut").At("invitation")
}

func (i Invitation) check() error {
	if err := i.checkWho(); err != nil {
		return err
	}
	if given, err := Address(i.Address); err != nil || given != i.Address {
		return refuse.New("exchange.invitation.address", "address", i.Address).At("address")
	}
	if len(i.Circles) == 0 || len(i.Circles) > maxCircles {
		return refuse.New("exchange.invitation.circles").At("invitation")
	}
	for n, c := range i.Circles {
		again := slices.ContainsFunc(i.Circles[:n], func(o InvitedCircle) bool { return o.Circle == c.Circle })
		if again || !c.holds(i.Member) {
			return refuse.New("exchange.invitation.circle", "circle", c.Circle).At("invitation")
		}
	}
	return nil
}

func (i Invitation) checkWho() error {
	bad := refuse.New("exchange.invitation.damaged").At("invitation")
	if !book.IsMember(i.Member) || !book.IsOrigin(node.WitnessName(i.Origin)) || !node.IsName(i.Name) {
		return bad
	}
	keys := []string{i.Key, i.Witness, i.Request}
	for n, key := range keys {
		if _, err := region.PublicKey(key); err != nil || slices.Contains(keys[:n], key) {
			return bad
		}
	}
	return nil
}

func (c InvitedCircle) holds(member string) bool {
	if !book.IsCircle(c.Circle) || c.Circle == node.Self || !node.IsName(c.Name) || len(c.Members) > region.MostMembers {
		return false
	}
	for n, m := range c.Members {
		if !book.IsMember(m) || slices.Contains(c.Members[:n], m) {
			return false
		}
	}
	return slices.Contains(c.Members, member)
}

// Address is an address as an invitation gives it: without blanks around and a stroke behind. Empty: only by file.
func Address(typed string) (string, error) {
	s := strings.TrimSuffix(strings.TrimSpace(typed), "/")
	if s != "" && !isAddress(s) {
		return "", refuse.New("exchange.invitation.address", "address", s).At("address")
	}
	return s, nil
}

func isAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= maxAddress && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" &&
		u.User == nil && u.RawQuery == "" && !u.ForceQuery && u.Fragment == "" && u.String() == s && !strings.HasSuffix(s, "/")
}

// Fingerprint of the invitation's member and keys.
func (i Invitation) Fingerprint() string {
	return Fingerprint(i.Member, i.Origin, region.RolledFacts{Key: i.Key, Witness: i.Witness, Request: i.Request})
}

// fingerprintRounds make each try of who looks for keys with somebody's fingerprint cost that much more.
const fingerprintRounds = 1 << 12

// Fingerprint (指纹) is short enough to be read over the telephone and stands for who a member is and by which keys: 20
// decimal digits in groups of four, "1234 5678 9012 3456 7890". It is SHA-256, applied again and again, of lines with
// code, origin and the three keys, modulo 10^20: other keys with the same one cost about 2^78 hashes to find.
func Fingerprint(member, origin string, keys region.RolledFacts) string {
	sum := sha256.Sum256([]byte("liandong-fingerprint/1\n" + strings.Join([]string{member, origin, keys.Key, keys.Witness, keys.Request}, "\n") + "\n"))
	for range fingerprintRounds {
		sum = sha256.Sum256(sum[:])
	}
	n := new(big.Int).SetBytes(sum[:])
	n.Mod(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(20), nil))
	digits := fmt.Sprintf("%020s", n)
	var groups []string
	for at := 0; at < len(digits); at += 4 {
		groups = append(groups, digits[at:at+4])
	}
	return strings.Join(groups, " ")
}

// SameFingerprint compares a fingerprint with what somebody heard and typed: only its digits count.
func SameFingerprint(fingerprint, typed string) bool {
	var b strings.Builder
	for _, r := range typed {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '０' && r <= '９': // as Chinese keyboards give them
			b.WriteRune(r - '０' + '0')
		case !unicode.IsSpace(r) && r != '-':
			return false
		}
	}
	return b.String() == strings.ReplaceAll(fingerprint, " ", "")
}
