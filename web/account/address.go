package account

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// TrustProxies names the reverse proxies whose header X-Forwarded-For is believed; what anybody
// else writes into it is not. Call it before serving.
func (a *Accounts) TrustProxies(proxies ...netip.Prefix) { a.proxies = proxies }

func (a *Accounts) trusted(at netip.Addr) bool {
	return slices.ContainsFunc(a.proxies, func(p netip.Prefix) bool { return p.Contains(at) })
}

// addressOf is the network address that attempts are counted by; it is stored hashed only. Behind
// proxies it is the last one in X-Forwarded-For that is none of them: those before it are what the
// client says of himself. Empty where a proxy that nobody named stands before the site: its own
// address would be everybody's. Where the node serves https itself nothing stands before it.
func (a *Accounts) addressOf(r *http.Request) string {
	if a.secure && len(a.proxies) == 0 && r.TLS == nil {
		return ""
	}
	at, ok := parseAddress(r.RemoteAddr)
	if !ok {
		return r.RemoteAddr
	}
	before := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, said := range slices.Backward(before) {
		if !a.trusted(at) {
			break
		}
		next, ok := parseAddress(strings.TrimSpace(said))
		if !ok {
			break // what stands before an unreadable one is nobody's word
		}
		at = next
	}
	return at.String()
}

// parseAddress reads an address with or without a port; IPv4 in IPv6 is IPv4.
func parseAddress(s string) (netip.Addr, bool) {
	if p, err := netip.ParseAddrPort(s); err == nil {
		return p.Addr().Unmap().WithZone(""), true
	}
	at, err := netip.ParseAddr(s)
	return at.Unmap().WithZone(""), err == nil
}
