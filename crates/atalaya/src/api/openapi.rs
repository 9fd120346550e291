//! The API's description (`OpenAPI` 3.1), written by hand: a handful of operations needs no generator.

use serde_json::{Value, json};

use super::events_openapi;
use crate::App;
use crate::reports::KINDS;

/// The description, with this team's name and limits.
pub fn description(app: &App) -> Value {
    let team = app.profile.team.name.text(app.profile.default_language());
    let intake = &app.profile.intake;
    let text = |says: &str, most: usize| json!({ "type": "string", "maxLength": most, "description": says });
    let answer = |says: &str, schema: &str| json!({ "description": says, "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } } });
    let mut all = json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("Reports to {team}"),
            "version": "1",
            "description": "Hand in a report about a security incident and ask how it stands. Ask the team for a token.",
        },
        "servers": [{ "url": app.profile.web.public_url }],
        "security": [{ "token": [] }],
        "paths": {
            "/api/v1/reports": { "post": {
                "operationId": "handInReport",
                "summary": "Hand in a report",
                "description": "The report is on disk when the answer is 201. Send an Idempotency-Key, and the request can be repeated until an answer comes.",
                "parameters": [{ "name": "Idempotency-Key", "in": "header", "required": false, "schema": { "type": "string", "minLength": 1, "maxLength": 200 } }],
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Report" } } } },
                "responses": {
                    "201": answer("Taken in. The secret is told this once.", "Receipt"),
                    "200": answer("This request came before; the report is the same.", "Repeated"),
                    "401": answer("No token, or not a good one.", "Error"),
                    "409": answer("The Idempotency-Key belongs to another report.", "Error"),
                    "413": answer("The request is too large.", "Error"),
                    "422": answer("Nothing was kept: what is wrong stands in fields.", "Error"),
                    "429": answer("Too many requests in this minute; Retry-After says how long to wait.", "Error"),
                    "503": answer("The database is away: nothing was kept. Try again.", "Error"),
                    "507": answer("The storage is full: nothing new can be kept. Try again later.", "Error"),
                },
            } },
            "/api/v1/reports/{number}": { "get": {
                "operationId": "getReport",
                "summary": "How a report stands, for the token that handed it in",
                "parameters": [{ "name": "number", "in": "path", "required": true, "schema": { "type": "string" }, "example": "R-2026-000412" }],
                "responses": {
                    "200": answer("How it stands.", "Status"),
                    "401": answer("No token, or not a good one.", "Error"),
                    "404": answer("There is no such report of yours.", "Error"),
                    "409": answer("Its label may not go by this channel.", "Error"),
                    "429": answer("Too many requests in this minute; Retry-After says how long to wait.", "Error"),
                    "503": answer("The database is away. Try again.", "Error"),
                },
            } },
        },
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": {
                "Report": {
                    "type": "object",
                    "required": ["kind", "title", "description"],
                    "additionalProperties": false,
                    "properties": {
                        "kind": { "type": "string", "enum": KINDS },
                        "title": text("One line that says what happened", 300),
                        "description": text("What happened. Addresses, names and hashes in it are found, defanged ones too", 1_000_000),
                        "language": text("The reporter's language, a tag such as en or es", 35),
                        "urgent": { "type": "boolean", "default": false },
                        "help": { "type": "boolean", "default": false, "description": "The reporter needs help" },
                        "label": { "type": "string", "enum": ["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"], "description": "TLP 2.0; the team's default if left out" },
                        "reporter": {
                            "type": "object",
                            "additionalProperties": false,
                            "properties": {
                                "name": text("Name", 300),
                                "mail": text("Where the receipt and answers go", 300),
                                "phone": text("Phone", 300),
                                "organisation": text("Organisation", 300),
                            },
                        },
                        "files": {
                            "type": "array",
                            "maxItems": intake.max_files,
                            "items": {
                                "type": "object",
                                "required": ["name", "content"],
                                "additionalProperties": false,
                                "properties": {
                                    "name": text("File name", 200),
                                    "media_type": text("Media type", 127),
                                    "content": { "type": "string", "contentEncoding": "base64", "description": format!("At most {} bytes when decoded", intake.max_file_bytes) },
                                },
                            },
                        },
                    },
                },
                "Receipt": {
                    "type": "object",
                    "required": ["number", "secret", "status_url"],
                    "properties": { "number": { "type": "string" }, "secret": { "type": "string" }, "status_url": { "type": "string", "format": "uri" } },
                },
                "Repeated": {
                    "type": "object",
                    "required": ["number", "status_url"],
                    "properties": { "number": { "type": "string" }, "status_url": { "type": "string", "format": "uri" } },
                },
                "Status": {
                    "type": "object",
                    "required": ["number", "received_at", "status"],
                    "properties": {
                        "number": { "type": "string" },
                        "received_at": { "type": "string", "format": "date-time" },
                        "status": { "type": "string", "enum": ["received", "in_progress", "closed"] },
                    },
                },
                "Error": {
                    "type": "object",
                    "required": ["error", "message"],
                    "properties": {
                        "error": { "type": "string" },
                        "message": { "type": "string" },
                        "fields": { "type": "object", "additionalProperties": { "type": "string" } },
                    },
                },
            },
        },
    });
    for (place, more) in [("/paths", events_openapi::paths()), ("/components/schemas", events_openapi::schemas())] {
        if let (Some(Value::Object(known)), Value::Object(more)) = (all.pointer_mut(place), more) {
            known.extend(more);
        }
    }
    all
}
