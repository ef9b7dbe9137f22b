package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"demarc/data"
	"demarc/data/store/gpkg"
	"demarc/data/token"
)

// tokenCmd makes, lists and revokes access tokens.
type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make an access token. It is shown once; only a sum of it is kept."`
	List   tokenListCmd   `cmd:"" help:"List the access tokens, without their secrets."`
	Revoke tokenRevokeCmd `cmd:"" help:"Make an access token invalid, at once."`
}

type tokenCreateCmd struct {
	Store   string        `default:"${store}" placeholder:"FILE" help:"Store, ${default} by default; it may be in use."`
	Name    string        `required:"" placeholder:"NAME" help:"Whose token it is; what is changed with it is signed so, in public."`
	Role    string        `required:"" enum:"contributor,editor,admin" placeholder:"ROLE" help:"What its holder may do: ${enum}."`
	Scope   []string      `placeholder:"COLLECTION" help:"Collections that it may change; all without this."`
	Expires time.Duration `default:"2160h" placeholder:"TIME" help:"How long it is good for, such as 48h; 90 days by default."`
}

// Run makes the token and prints it.
func (cmd *tokenCreateCmd) Run(ctx context.Context, to streams) (err error) {
	st, err := existingStore(ctx, cmd.Store, gpkg.Options{Beside: true})
	if err != nil {
		return err
	}
	defer closing(st, &err)
	t, text, err := token.New(cmd.Name, token.Role(cmd.Role), cmd.Scope, time.Now(), cmd.Expires)
	if err != nil {
		return err
	}
	if err := st.AddToken(ctx, t); err != nil {
		return err
	}
	fmt.Fprintln(to.out, text)
	fmt.Fprintf(to.err, "Keep it now: it is not shown again. It is good until %s.\n", t.Expires.Format(time.DateOnly))
	return nil
}

type tokenListCmd struct {
	Store string `default:"${store}" placeholder:"FILE" help:"Store, ${default} by default; it may be in use."`
}

// Run lists the tokens.
func (cmd *tokenListCmd) Run(ctx context.Context, to streams) (err error) {
	st, err := existingStore(ctx, cmd.Store, gpkg.Options{Beside: true})
	if err != nil {
		return err
	}
	defer closing(st, &err)
	tokens, err := st.Tokens(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(to.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tROLE\tSCOPE\tEXPIRES\tLAST USED\tSTATE")
	for _, t := range tokens {
		scope, used, state := strings.Join(t.Scope, " "), "never", "good"
		if scope == "" {
			scope = "all"
		}
		if !t.Used.IsZero() {
			used = t.Used.Format(time.DateOnly)
		}
		switch {
		case !t.Revoked.IsZero():
			state = "revoked " + t.Revoked.Format(time.DateOnly)
		case !time.Now().Before(t.Expires):
			state = "expired"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, t.Role, scope, t.Expires.Format(time.DateOnly), used, state)
	}
	return w.Flush()
}

type tokenRevokeCmd struct {
	Store string `default:"${store}" placeholder:"FILE" help:"Store, ${default} by default; it may be in use."`
	ID    string `arg:"" name:"id" help:"The 8 characters behind demarc_, as in the list."`
}

// Run revokes the token.
func (cmd *tokenRevokeCmd) Run(ctx context.Context, to streams) (err error) {
	st, err := existingStore(ctx, cmd.Store, gpkg.Options{Beside: true})
	if err != nil {
		return err
	}
	defer closing(st, &err)
	switch err := st.RevokeToken(ctx, cmd.ID, time.Now()); {
	case errors.Is(err, data.ErrNotFound):
		return fmt.Errorf("there is no token %s: `demarc token list` shows them", cmd.ID)
	case err != nil:
		return err
	}
	fmt.Fprintf(to.out, "revoked %s\n", cmd.ID)
	return nil
}
