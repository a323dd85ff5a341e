package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// answerBytesMax bounds what is read of an answer.
const answerBytesMax = 1 << 20

// Identity is who a request comes from.
type Identity struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Owner struct {
		ID         string  `json:"id"`
		ExternalID *string `json:"external_id"`
	} `json:"owner"`
	Workspace struct {
		ID         string  `json:"id"`
		ExternalID *string `json:"external_id"`
	} `json:"workspace"`
	EffectivePermissions []string `json:"effective_permissions"`
}

type verdict struct {
	Allowed  bool              `json:"allowed"`
	Headers  map[string]string `json:"headers"`
	Token    *Identity         `json:"token"`
	Response *struct {
		Status  int               `json:"status"`
		Headers map[string]string `json:"headers"`
		Body    json.RawMessage   `json:"body"`
	} `json:"response"`
}

// Keyhouse asks whether requests may pass. Nothing is remembered from one request to the next, so that a revoked token
// is refused from then on.
type Keyhouse struct {
	verifyURL string
	token     string
	client    *http.Client
}

// NewKeyhouse takes the URL of POST …/verify and a token that holds keyhouse-tokens:verify.
func NewKeyhouse(verifyURL, token string) *Keyhouse {
	return &Keyhouse{verifyURL, token, &http.Client{
		Timeout:   2 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: 64},
		// Our token goes to Keyhouse and nowhere it might point to.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

type identityKey struct{}

// IdentityOf is who the request comes from, inside a handler behind Require.
func IdentityOf(r *http.Request) *Identity {
	return r.Context().Value(identityKey{}).(*Identity)
}

// Require lets requests through to next whose token may do this, and sends everybody else the company's own refusal.
// While Keyhouse cannot be asked, nobody passes.
func (k *Keyhouse) Require(permission string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, err := k.verify(r, permission)
		switch {
		case err != nil:
			log.Printf("Keyhouse cannot be asked: %v", err)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, `{"error":"unavailable"}`)
		case answer.Allowed:
			copyHeaders(w, answer.Headers)
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), identityKey{}, answer.Token)))
		default:
			copyHeaders(w, answer.Response.Headers)
			w.WriteHeader(answer.Response.Status)
			_, _ = w.Write(answer.Response.Body)
		}
	})
}

// verify hands over the header lines as they came: whether there is one credential in them is for Keyhouse to say.
func (k *Keyhouse) verify(r *http.Request, permission string) (*verdict, error) {
	lines := [][2]string{}
	for _, value := range r.Header["Authorization"] {
		// Two are refused like two hundred.
		if len(lines) < 2 {
			lines = append(lines, [2]string{"Authorization", value})
		}
	}
	// The other end of the connection. Behind a proxy of yours, take the address from the header that proxy writes.
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return nil, err
	}
	question, err := json.Marshal(map[string]any{
		"headers": lines, "target": r.RequestURI, "ip": ip, "all_of": []string{permission},
	})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(r.Context(), http.MethodPost, k.verifyURL, bytes.NewReader(question))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+k.token)
	request.Header.Set("Content-Type", "application/json")
	response, err := k.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, answerBytesMax))
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answers %s", response.Status)
	}
	var answer verdict
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, fmt.Errorf("its answer is no verdict")
	}
	if answer.Allowed && answer.Token == nil || !answer.Allowed && (answer.Response == nil || answer.Response.Status < 400) {
		return nil, fmt.Errorf("its answer is no verdict")
	}
	return &answer, nil
}

func copyHeaders(w http.ResponseWriter, headers map[string]string) {
	for name, value := range headers {
		w.Header().Set(name, value)
	}
}
