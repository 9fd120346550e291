//! The smallest HTTP/1.1 client that a bench needs: one connection, kept open (RFC 9112).

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// One connection.
#[derive(Debug)]
pub struct Client {
    stream: BufReader<TcpStream>,
    host: String,
    greeted: bool,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub enum Ask {
    /// A page, with cookies.
    Get(String, String),
    /// A path, header lines of one's own (each ended by CRLF), and a body.
    Post(String, String, Vec<u8>),
    /// A mail by LMTP (RFC 2033), dots stuffed, to this recipient.
    Mail(String, Vec<u8>),
    /// The public form from its first question to the receipt, from this visitor's address.
    Form(String, String),
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// Header lines.
    pub headers: Vec<String>,
    /// Body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<String> {
        let mut lines = self.headers.iter().filter_map(|line| line.split_once(':'));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    }

    /// The cookies that it sets, as a `Cookie` header would send them back.
    pub fn cookies(&self) -> String {
        let set = self.headers.iter().filter_map(|line| line.split_once(": ")).filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        set.filter_map(|(_, value)| value.split(';').next()).collect::<Vec<_>>().join("; ")
    }
}

impl Client {
    /// Opens a connection.
    pub async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), host: address.to_string(), greeted: false })
    }

    /// Asks for one thing.
    pub async fn ask(&mut self, ask: Ask) -> io::Result<Reply> {
        match ask {
            Ask::Get(path, cookies) => self.get(&path, &cookies).await,
            Ask::Post(path, headers, body) => self.post(&path, &headers, &body).await,
            Ask::Mail(to, raw) => self.mail(&to, &raw).await,
            Ask::Form(from, words) => self.form(&from, &words).await,
        }
    }

    /// Answers the questions that must be answered, and sends.
    async fn form(&mut self, from: &str, words: &str) -> io::Result<Reply> {
        let mut cookies = String::new();
        for (path, body) in [("/report", "kind=other".to_owned()), ("/report/tell", format!("description={words}")), ("/report/check", String::new())] {
            let headers = format!("X-Forwarded-For: {from}\r\nCookie: {cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
            let reply = self.post(path, &headers, body.as_bytes()).await?;
            if reply.status != 303 || path == "/report/check" {
                return Ok(reply);
            }
            if cookies.is_empty() {
                cookies = reply.cookies();
            }
        }
        Err(io::Error::other("the form has no end"))
    }

    /// Hands over one mail; the greeting and LHLO are taken from the first answers.
    async fn mail(&mut self, to: &str, raw: &[u8]) -> io::Result<Reply> {
        if !self.greeted {
            self.line().await?;
            self.say(b"LHLO bench.example\r\n").await?;
            self.greeted = true;
        }
        self.say(b"MAIL FROM:<sensor@reporters.example>\r\n").await?;
        self.say(format!("RCPT TO:<{to}>\r\n").as_bytes()).await?;
        self.say(b"DATA\r\n").await?;
        let mut end = raw.to_vec();
        end.extend_from_slice(b"\r\n.\r\n");
        let answer = self.say(&end).await?;
        let status = if answer.starts_with("250") { 200 } else { 500 };
        Ok(Reply { status, headers: Vec::new(), body: answer.into_bytes() })
    }

    async fn say(&mut self, bytes: &[u8]) -> io::Result<String> {
        self.stream.write_all(bytes).await?;
        self.line().await
    }

    /// One answer; lines that go on (`250-`) are read to their end.
    async fn line(&mut self) -> io::Result<String> {
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).await?;
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(line);
            }
        }
    }

    /// Asks for a page.
    pub async fn get(&mut self, path: &str, cookies: &str) -> io::Result<Reply> {
        self.get_with(path, &format!("Cookie: {cookies}\r\n")).await
    }

    /// Asks for something with header lines of one's own (each ended by CRLF).
    pub async fn get_with(&mut self, path: &str, headers: &str) -> io::Result<Reply> {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", self.host);
        self.send(head.as_bytes(), &[]).await
    }

    /// Sends a body with header lines of one's own (each ended by CRLF).
    pub async fn post(&mut self, path: &str, headers: &str, body: &[u8]) -> io::Result<Reply> {
        let host = &self.host;
        let head = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
        self.send(head.as_bytes(), body).await
    }

    async fn send(&mut self, head: &[u8], body: &[u8]) -> io::Result<Reply> {
        self.stream.write_all(head).await?;
        self.stream.write_all(body).await?;
        self.stream.flush().await?;
        let mut line = String::new();
        self.stream.read_line(&mut line).await?;
        let status = line.split_whitespace().nth(1).and_then(|code| code.parse().ok()).ok_or_else(|| io::Error::other("no HTTP answer"))?;
        let (mut headers, mut length, mut chunked) = (Vec::new(), 0, false);
        loop {
            line.clear();
            self.stream.read_line(&mut line).await?;
            let text = line.trim_end();
            if text.is_empty() {
                break;
            }
            let lower = text.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
            chunked |= lower.starts_with("transfer-encoding:") && lower.contains("chunked");
            headers.push(text.to_owned());
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        while chunked {
            line.clear();
            self.stream.read_line(&mut line).await?;
            let size = usize::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
            let mut part = vec![0; size + 2];
            self.stream.read_exact(&mut part).await?;
            part.truncate(size);
            body.extend_from_slice(&part);
            chunked = size > 0;
        }
        Ok(Reply { status, headers, body })
    }
}
