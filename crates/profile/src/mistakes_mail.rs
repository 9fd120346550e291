//! Mistakes about how mail comes in and goes out.

use super::mistakes::check_added;

#[test]
fn mail_must_come_in_and_go_out_safely() {
    check_added(
        r#"[mail]
from_name = "EX"
from_address = "x"
listen = "lmtp"
recipients = ["y"]
hello = "a b""#,
        &[
            r#"p:45: mail.from_address is "x", expected a mail address such as report@csirt.example"#,
            r#"p:46: mail.listen is "lmtp", expected an address and port, or the absolute path of a socket"#,
            "p:46: mail.listen receives mail, but not for team.report_address, expected it among mail.recipients",
            r#"p:47: mail.recipients[0] is "y", expected a mail address such as report@csirt.example"#,
            r#"p:48: mail.hello is "a b", expected a host name or an IP address"#,
        ],
    );
    check_added(
        r#"[mail]
from_name = "EX"
from_address = "a@csirt.example"
listen = "/run/lmtp"
recipients = ["abuse@csirt.example"]
hello = "csirt.example"
[mail.smarthost]
host = "mx.example"
tls = "none"
port = 0
user = "a""#,
        &[
            "p:46: mail.listen receives mail, but not for team.report_address, expected it among mail.recipients",
            "p:49: mail.smarthost has half a log-in, expected user and password_file, or none of them",
            "p:52: mail.smarthost.port is 0, expected a whole number from 1 to 65535",
            r#"p:53: mail.smarthost.user logs in without TLS, expected tls = "starttls" or "implicit""#,
        ],
    );
    check_added(
        r#"[mail]
from_name = "EX"
from_address = "a@csirt.example"
recipients = ["abuse@csirt.example"]
hello = "csirt.example"
[mail.imap]
host = "imap.example"
tls = "none"
password_file = "/etc/atalaya/imap"
folder = ""
moved_to = "inbox"
authority = "/etc/atalaya/ca.pem"
mailbox = "INBOX"
poll_seconds = 0"#,
        &[
            "p:48: mail.imap has no user, expected one",
            "p:48: mail.imap receives mail, but not for team.report_address, expected it among mail.recipients",
            "p:50: mail.imap.tls sends the password without TLS, expected implicit or starttls, unless host is this machine",
            r#"p:52: mail.imap.folder is "", expected the name of a folder"#,
            r#"p:53: mail.imap.moved_to is "inbox", expected another folder than the one that mail is fetched from"#,
            r#"p:54: mail.imap.authority is never asked without TLS, expected tls = "implicit" or "starttls""#,
            "p:55: unknown key mail.imap.mailbox, expected one of tls, host, port, user, password_file, folder, moved_to, authority, poll_seconds",
            "p:56: mail.imap.poll_seconds is 0, expected a whole number from 1 to 3600",
        ],
    );
}
