// A resource server with one endpoint, GET /servers, and Keyhouse in front of it. Standard library only.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	verifyURL, token := os.Getenv("KEYHOUSE_VERIFY_URL"), os.Getenv("KEYHOUSE_TOKEN")
	if verifyURL == "" || token == "" {
		log.Fatal("Set KEYHOUSE_VERIFY_URL and KEYHOUSE_TOKEN.")
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	keyhouse := NewKeyhouse(verifyURL, token)
	mux := http.NewServeMux()
	mux.Handle("/servers", keyhouse.Require("servers:read", http.HandlerFunc(listServers)))
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("Listening on http://%s\n", listener.Addr())
	server := http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 16 << 10}
	log.Fatal(server.Serve(listener))
}

func listServers(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"servers": []string{"web-1", "web-2"},
		"key":     IdentityOf(r).ID,
	})
}
