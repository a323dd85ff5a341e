/**
 * A company that exists nowhere but here, as the text of its profile file: levels and inherited permissions, one token
 * per owner, made for them by others, no environments, 401 where others say 400, its own field names, German sentences, a
 * body unlike any preset's, a file in the request that samples make.
 */
export const SIXTH_COMPANY = `{
  "name": "lagerhaus",
  "company": {
    "name": "Lagerhaus Beispiel",
    "slug": "lagerhaus",
    "supportUrl": "https://hilfe.lagerhaus.example",
    "supportEmail": "hilfe@lagerhaus.example",
    "signInUrl": "https://konto.lagerhaus.example",
    "logoUrl": null,
    "accentColour": "#aa3300",
    "apiBaseUrl": "https://api.lagerhaus.example"
  },
  "token": {
    "prefix": "lagerhaus",
    "environments": [],
    "idPrefix": "schl",
    "samples": ["lagerhaus_IHR_SCHLUESSEL"]
  },
  "catalogue": [
    { "permission": "pallets:read", "description": "See pallets", "operations": ["GET /pallets"] },
    { "permission": "pallets:write", "description": "Move pallets", "operations": ["POST /pallets"] },
    { "permission": "people:write", "description": "Hire and dismiss", "operations": ["POST /people", "DELETE /people"] }
  ],
  "levels": [
    { "level": "read", "description": "Look", "permissions": ["pallets:read"] },
    { "level": "write", "description": "Work", "permissions": ["pallets:*"] },
    { "level": "admin", "description": "Run the place", "permissions": ["pallets:*", "people:write"] }
  ],
  "grants": ["level", "inherit"],
  "defaultGrant": "inherit",
  "expiry": { "lifetime": "365d", "lifetimeMax": "730d" },
  "onePerOwner": true,
  "selfService": false,
  "rotation": { "gracePeriod": "0s" },
  "limits": {
    "tiers": {
      "forklift": {
        "label": "Gabelstapler",
        "windows": [
          { "name": "day", "limit": 50000, "seconds": 86400 },
          { "name": "quarter-hour", "limit": 1000, "seconds": 900 },
          { "name": "second", "limit": 20, "seconds": 1 }
        ]
      }
    },
    "defaultTier": "forklift"
  },
  "tokensPerWorkspaceMax": 20,
  "paths": { "tokens": "/api/v2/schluessel" },
  "fieldNames": { "ip_allowlist": "erlaubte_adressen", "name": "bezeichnung" },
  "fieldAliases": { "ips": "ip_allowlist" },
  "errors": {
    "contentType": "application/json",
    "body": {
      "fehler": "$status_text",
      "nummer": "$code",
      "text": "$message",
      "fehlt": "$missing",
      "kontakt": { "seite": "$support_url", "post": "$support_email" }
    },
    "docsUrl": null,
    "realm": "Lagerhaus API",
    "denials": {
      "authentication_required": { "status": 401, "code": "100", "title": "Anmeldung", "message": "Kein Schl\\u00fcssel." },
      "invalid_request": { "status": 401, "code": "101", "title": "Anmeldung", "message": "Schl\\u00fcssel nicht lesbar. {help}" },
      "invalid_token": { "status": 401, "code": "102", "title": "Anmeldung", "message": "Schl\\u00fcssel ung\\u00fcltig." },
      "token_expired": { "status": 401, "code": "102", "title": "Anmeldung", "message": "Schl\\u00fcssel ung\\u00fcltig." },
      "ip_restricted": { "status": 403, "code": "200", "title": "Verboten", "message": "Nicht von hier." },
      "insufficient_permissions": { "status": 403, "code": "201", "title": "Verboten", "message": "Es fehlt {missing}." },
      "ambiguous_path": { "status": 403, "code": "202", "title": "Verboten", "message": "Unklarer Pfad." },
      "no_matching_rule": { "status": 403, "code": "202", "title": "Verboten", "message": "Unbekannter Pfad." },
      "rate_limited": { "status": 429, "code": "300", "title": "Zu viel", "message": "Zu viele Anfragen.[ Weiter in {retry_after} s.]" },
      "authority_unavailable": { "status": 503, "code": "400", "title": "St\\u00f6rung", "message": "Gerade nicht m\\u00f6glich." }
    }
  },
  "words": {
    "token": "Schl\\u00fcssel",
    "tokens": "Schl\\u00fcssel",
    "menuPaths": [["Konto", "Zugang", "Schl\\u00fcssel"], ["Hilfe", "Schl\\u00fcssel"]],
    "createButton": "Neuer Schl\\u00fcssel",
    "saveButton": "Anlegen",
    "revokeButton": "Sperren"
  },
  "templates": [],
  "guide": {
    "sampleRequest": {
      "method": "POST",
      "path": "/pallets",
      "upload": { "field": "lieferschein", "fileName": "lieferschein.pdf" }
    }
  },
  "cors": { "origins": ["https://app.lagerhaus.example"] }
}`;
