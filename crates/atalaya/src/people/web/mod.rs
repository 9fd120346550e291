//! Pages of people: logging in, and one's own account.

mod account;
mod login;

pub use account::{account, codes, factor, factor_page, password, remove, revoke, save};
pub use login::{code, code_page, enrol, enrol_page, enter, leave, login_page};

use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::{Entered, device_cookie};
use crate::web::guard::SESSION;
use crate::{App, web};

/// Gives the browser its session; after a finished log-in also the mark that it was here.
fn with_session(app: &App, mut response: Response, entered: &Entered) -> Response {
    set_cookie(app, &mut response, SESSION, &entered.secret, None);
    if entered.stage == "full" {
        let (name, value) = device_cookie(app, entered.person);
        set_cookie(app, &mut response, &name, &value, Some(400 * 24 * 3600));
    }
    response
}

/// Sets a cookie that scripts cannot read and other sites' forms do not send.
fn set_cookie(app: &App, response: &mut Response, name: &str, value: &str, seconds: Option<u32>) {
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let secure = if app.profile.web.secure_cookies { "; Secure" } else { "" };
    if let Ok(line) = HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}

/// Where to go on: a path of our own, and not in again or out at once.
fn local(next: &str) -> Option<&str> {
    web::local(next).filter(|next| !next.starts_with("/log"))
}
