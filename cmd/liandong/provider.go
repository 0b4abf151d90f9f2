package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"liandong/web/account"
)

type providerFlags struct {
	Issuer string `name:"oidc-issuer" help:"统一身份认证(OpenID Connect)的签发者地址;不给出则没有这种登录方式 (issuer of the office's OpenID provider; none: nobody signs in by one)." env:"LIANDONG_OIDC_ISSUER" placeholder:"https://…"`
	Client string `name:"oidc-client-id" help:"本站在那里登记的客户端标识 (this site's client id there)." env:"LIANDONG_OIDC_CLIENT_ID" placeholder:"ID"`
	Secret string `name:"oidc-secret-file" help:"写着客户端密钥的文件,权限 0600;不给出则只用 PKCE (file that holds the client's secret; none: PKCE alone)." env:"LIANDONG_OIDC_SECRET_FILE" placeholder:"FILE" type:"path"`
	Name   string `name:"oidc-name" help:"登录页上的叫法 (what the sign-in page calls it)." env:"LIANDONG_OIDC_NAME" placeholder:"统一身份认证"`
	Claim  string `name:"oidc-login-claim" help:"哪个声明是那边的账号名,只用来显示,不用来认人 (which claim names the account there; shown, never what anybody is recognised by)." default:"preferred_username" env:"LIANDONG_OIDC_LOGIN_CLAIM" placeholder:"CLAIM"`
}

// provider is the office's provider of identities; nil: there is none.
func (f providerFlags) provider() (*account.ProviderOptions, error) {
	if f.Issuer == "" {
		if f.Client != "" || f.Secret != "" {
			return nil, errors.New("给出了 --oidc-client-id 或 --oidc-secret-file,却没有 --oidc-issuer (the issuer is missing)")
		}
		return nil, nil
	}
	o := &account.ProviderOptions{Issuer: f.Issuer, Client: f.Client, Name: f.Name, Claim: f.Claim}
	if f.Secret == "" {
		return o, nil
	}
	info, err := os.Stat(f.Secret)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s 别人也能读:请设为 0600 (others may read the secret; chmod 600)", f.Secret)
	}
	secret, err := os.ReadFile(f.Secret)
	o.Secret = strings.TrimSpace(string(secret))
	return o, err
}
