//! The part of the API's description that is about events: files in, an organisation's own events out.

use serde_json::{Value, json};

fn answer(says: &str) -> Value {
    json!({ "description": says, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } } })
}

/// The paths and what is to be done with each.
pub fn paths() -> Value {
    let feed = json!({ "name": "feed", "in": "path", "required": true, "schema": { "type": "string" } });
    let query = |name: &str, says: &str| json!({ "name": name, "in": "query", "required": false, "schema": { "type": "string" }, "description": says });
    let told = |says: &str, schema: &str| json!({ "description": says, "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } } });
    let (who, often) = (answer("No token, or not one for this."), answer("Too many requests in this minute; Retry-After says how long to wait."));
    json!({
        "/api/v1/feeds/{feed}/files": { "post": {
            "operationId": "deliverEventFile",
            "summary": "Deliver an event file of a feed",
            "description": "The bytes are the file, also zipped. It is on disk when the answer is 201; the same bytes again are 200 with the same receipt.",
            "parameters": [feed, query("name", "The file's name, which may tell the report type")],
            "requestBody": { "required": true, "content": { "application/octet-stream": {} } },
            "responses": {
                "201": told("Kept; it is read next.", "EventFiles"),
                "200": told("These bytes were here before.", "EventFiles"),
                "401": who,
                "404": answer("There is no such feed."),
                "409": answer("The feed is paused."),
                "422": answer("It cannot be taken: empty, too large, or an archive that does not open."),
                "429": often,
                "507": answer("The storage is full: nothing new can be kept. Try again later."),
            },
        } },
        "/api/v1/feeds/{feed}/files/{sha256}": { "get": {
            "operationId": "getEventFile",
            "summary": "What became of an event file",
            "parameters": [feed, { "name": "sha256", "in": "path", "required": true, "schema": { "type": "string" } }],
            "responses": { "200": told("Its state and counts.", "EventFile"), "401": who, "404": answer("There is no such file of this feed."), "429": often },
        } },
        "/api/v1/events": { "get": {
            "operationId": "getEvents",
            "summary": "The events of the organisation that the token is for, the newest first",
            "description": "The answer comes in pieces. Who broke off goes on behind the last whole line with after. Its header Atalaya-Arrived names the arrival up to which it tells: who asks with arrived_after for what came after that one gets what is new, whenever it was seen.",
            "parameters": [
                query("form", "csv, jsonl or parquet; jsonl if left out"),
                query("from", "First day or minute, UTC, like 2026-11-23 or 2026-11-23T14:30; thirty days back if left out"),
                query("to", "Last day or minute; today if left out"),
                query("ip", "An address or a network"),
                query("peer", "An address or a network on the other side"),
                query("type", "An RSIT class and type like vulnerable/weak-crypto"),
                query("asn", "An AS number"),
                query("port", "A port"),
                query("domain", "A domain and what is below it"),
                query("severity", "At least so severe: 0 to 4"),
                query("feed", "A feed's name"),
                query("after", "observed and event of the last whole line, with a comma between"),
                query("arrived_after", "An arrival that an answer named: only what came after it, of any day where none is said"),
                query("arrived_to", "With arrived_after and after: the arrival that the broken answer named"),
            ],
            "responses": {
                "200": { "description": "The events.", "headers": {
                    "Atalaya-Arrived": { "description": "The arrival up to which this is all.", "schema": { "type": "string" } },
                    "Link": { "description": "With rel=next, where more has come already.", "schema": { "type": "string" } },
                }, "content": { "application/x-ndjson": {}, "text/csv": {}, "application/vnd.apache.parquet": {} } },
                "401": who,
                "422": answer("A field cannot be read, or the arrival is too long ago: fetch by days, and go on with the arrival that the answer names."),
                "429": often,
                "503": answer("The events cannot be asked now: ask again later."),
            },
        } },
    })
}

/// What the answers hold.
pub fn schemas() -> Value {
    let file = json!({
        "number": { "type": "integer" },
        "sha256": { "type": "string" },
        "name": { "type": "string" },
        "size": { "type": "integer" },
        "received_at": { "type": "string", "format": "date-time" },
        "status_url": { "type": "string", "format": "uri" },
        "state": { "type": "string", "enum": ["received", "reading", "stored", "held", "failed", "dropped"] },
        "kind": { "type": "string" },
        "alarm": { "type": "string" },
        "counts": { "type": "object", "additionalProperties": { "type": "integer" } },
    });
    json!({
        "EventFile": { "type": "object", "required": ["number", "sha256", "name", "size", "received_at", "status_url"], "properties": file },
        "EventFiles": {
            "type": "object",
            "required": ["feed", "files"],
            "properties": { "feed": { "type": "string" }, "files": { "type": "array", "items": { "$ref": "#/components/schemas/EventFile" } } },
        },
    })
}
