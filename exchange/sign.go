package exchange

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	httpsig "github.com/remitly-oss/httpsig-go"

	"liandong/region"
)

// A request to read a book is signed by the asker (RFC 9421) with his request key: method, path and query, when, by whom
// (keyid: his origin) and for whom (tag: the origin asked, so that nobody hands it on to a third). When is the header
// Liandong-Time, by the clock of the node that is asked: whose clock is another learns it from the Date of the answer 401
// and asks again, so that members whose clocks are days apart read each other, and what was overheard soon reads nothing.
const (
	timeHeader     = "Liandong-Time"
	requestsHold   = 5 * time.Minute
	mostClockHeard = 400 * 24 * time.Hour // by which an answer may correct ours
)

var signedFields = httpsig.Fields("@method", "@path", "@query", timeHeader)

var signedMetadata = []httpsig.Metadata{httpsig.MetaCreated, httpsig.MetaKeyID, httpsig.MetaTag}

// Signer signs this member's requests.
type Signer struct {
	Origin string // of the asker: "suining.example"
	// Keys are the present request key and those that were rolled (node.Node.RequestKeys). They are asked each time: a roll changes them.
	Keys func() ([]ed25519.PrivateKey, error)
}

// tagFor is the tag of requests to a member.
func tagFor(origin string) string { return "liandong:" + origin }

// sign adds the signature of a request to the member of an origin, at a time by the clock of its node.
func (s Signer) sign(r *http.Request, to string, at time.Time, key ed25519.PrivateKey) error {
	r.Header.Set(timeHeader, strconv.FormatInt(at.Unix(), 10))
	err := httpsig.Sign(r, httpsig.SigningProfile{Algorithm: httpsig.Algo_ED25519, Fields: signedFields, Metadata: signedMetadata},
		httpsig.SigningKey{Key: key, MetaKeyID: s.Origin, MetaTag: tagFor(to)})
	if err != nil {
		return fmt.Errorf("sign a request: %w", err)
	}
	return nil
}

// Asker finds out which member sent a request: of those that the keys name, whose signature holds. The origin is that
// of the node asked. ErrUnsigned when there is no signature at all.
func Asker(r *http.Request, origin string, keys func(ctx context.Context, asker string) ([]ed25519.PublicKey, error)) (asker string, err error) {
	if r.Header.Get("Signature") == "" {
		return "", ErrUnsigned
	}
	fetch := &fetcher{keys: keys}
	for {
		v, err := httpsig.Verify(r, fetch, httpsig.VerifyProfile{
			SignatureLabel: httpsig.DefaultSignatureLabel, RequiredFields: signedFields, RequiredMetadata: signedMetadata,
			AllowedAlgorithms: []httpsig.Algorithm{httpsig.Algo_ED25519}, DisableTimeEnforcement: true,
		})
		if err == nil {
			tag, err := v.Tag()
			if err != nil || tag != tagFor(origin) {
				return "", fmt.Errorf("%w: for %q", ErrSignature, tag)
			}
			if asker, err = v.KeyID(); err != nil {
				return "", err
			}
			at, err := strconv.ParseInt(r.Header.Get(timeHeader), 10, 64)
			if off := time.Since(time.Unix(at, 0)).Abs(); err != nil || off > requestsHold {
				return asker, ErrClock
			}
			return asker, nil
		}
		if fetch.next++; fetch.next >= len(fetch.found) {
			return "", fmt.Errorf("%w: %w", ErrSignature, err)
		}
	}
}

// The ways in which a request is nobody's.
var (
	ErrUnsigned  = errors.New("请求没有签名 (the request is not signed)")
	ErrSignature = errors.New("请求的签名不符 (the signature of the request does not hold)")
	ErrClock     = errors.New("请求的时间与本节点的时钟不符 (the time of the request is not that of this node's clock)")
)

// fetcher hands the library one key of the asker after the other: while a key is rolled, two are good.
type fetcher struct {
	keys  func(ctx context.Context, asker string) ([]ed25519.PublicKey, error)
	found []ed25519.PublicKey
	next  int
}

func (f *fetcher) FetchByKeyID(ctx context.Context, _ http.Header, asker string) (httpsig.KeySpecer, error) {
	if f.found == nil {
		var err error
		if f.found, err = f.keys(ctx, asker); err != nil {
			return nil, err
		}
	}
	if f.next >= len(f.found) {
		return nil, fmt.Errorf("%w: %q is not recognised", ErrSignature, asker)
	}
	return httpsig.KeySpec{KeyID: asker, Algo: httpsig.Algo_ED25519, PubKey: f.found[f.next]}, nil
}

func (f *fetcher) Fetch(context.Context, http.Header, httpsig.MetadataProvider) (httpsig.KeySpecer, error) {
	return nil, ErrUnsigned
}

// requestKeys are the keys by which a member recognises an asker's requests in a circle.
func requestKeys(all []region.Neighbour, asker string) (keys []ed25519.PublicKey) {
	for _, n := range all {
		if n.Suspended || n.Left || n.Origin != asker {
			continue
		}
		if key, err := region.PublicKey(n.Request); err == nil {
			keys = append(keys, key)
		}
	}
	return keys
}
