package webtest

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// Device is a device of the tab that keeps passkeys and makes sure who holds it.
type Device struct {
	p  *Page
	id webauthn.AuthenticatorID
}

// Device gives the tab a device with passkeys: a virtual one of the browser itself, which does all that a real one does
// but asks nobody.
func (p *Page) Device() *Device {
	p.t.Helper()
	d := &Device{p: p}
	call(p, webauthn.Enable, webauthn.EnableParams{})
	d.id = call(p, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}}).AuthenticatorID
	return d
}

// Known says whether the device takes who holds it for its owner from now on.
func (d *Device) Known(known bool) {
	d.p.t.Helper()
	call(d.p, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: d.id, IsUserVerified: known})
}

// Forge makes the device sign falsely from now on.
func (d *Device) Forge(forge bool) {
	d.p.t.Helper()
	call(d.p, webauthn.SetResponseOverrideBits, webauthn.SetResponseOverrideBitsParams{AuthenticatorID: d.id, IsBogusSignature: &forge})
}

// Keys are the passkeys on the device.
func (d *Device) Keys() []*webauthn.Credential {
	d.p.t.Helper()
	return call(d.p, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: d.id}).Credentials
}

// Put puts a passkey on the device, in the place of the one with the same id.
func (d *Device) Put(key *webauthn.Credential) {
	d.p.t.Helper()
	call(d.p, webauthn.RemoveCredential, webauthn.RemoveCredentialParams{AuthenticatorID: d.id, CredentialID: key.CredentialID})
	call(d.p, addCredential, map[string]any{"authenticatorId": d.id, "credential": map[string]any{
		"credentialId": key.CredentialID, "isResidentCredential": true, "rpId": key.RpID, "privateKey": key.PrivateKey,
		"userHandle": key.UserHandle, "signCount": key.SignCount, "userName": key.UserName,
	}})
}

// addCredential says only what every browser knows: some refuse a passkey that names newer things, even as absent.
var addCredential = cdp.Command[map[string]any, cdp.Empty]{Method: webauthn.CommandAddCredential}

// call runs a command of the browser's tools in the tab.
func call[P, R any](p *Page, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	return ask(p, func(ctx context.Context, tab *chromedp.Target) (R, error) { return cdp.Call(ctx, tab, command, params) })
}
