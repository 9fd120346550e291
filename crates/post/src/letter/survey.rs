//! The cheap first look. The MIME parser has no limits of its own, so this
//! module walks the lines of a mail once, follows the boundaries, and copies
//! only what lies within the [`Limits`]. It also takes out of the headers what
//! no honest sender writes there: NUL bytes and header fields by which a
//! stranger would speak in our product's name.

use super::Limits;

/// Header fields that still count after the header block is full, because a
/// flood of others must not hide who wrote and what follows.
const ESSENTIAL: [&str; 14] = [
    "from",
    "to",
    "cc",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "auto-submitted",
    "mime-version",
];
const ESSENTIAL_BYTES: usize = 64 * 1024;

/// Written over the name of a Content-Type that is not true.
const OVER_CONTENT_TYPE: &[u8] = b"X-Unreadable";

enum Frame {
    Multipart(Multipart),
    Message,
}

struct Multipart {
    boundary: Vec<u8>,
    /// Where its Content-Type stands in the copy.
    content_type: Option<usize>,
    /// Its boundary stands in the copy at least once.
    begun: bool,
}

struct Walk<'a> {
    limits: &'a Limits,
    out: Vec<u8>,
    frames: Vec<Frame>,
    in_header: bool,
    /// The header field being read, with its folded lines.
    field: Vec<u8>,
    field_too_long: bool,
    block: usize,
    essential: usize,
    content_type: Vec<u8>,
    content_type_at: Option<usize>,
    encoded: bool,
    top: bool,
    parts: usize,
    /// Deeper than allowed: lines are dropped until a boundary outside.
    skipping: bool,
    seen: Seen,
}

#[derive(Default)]
struct Seen {
    fields_dropped: usize,
    fields_cut: usize,
    nul_in_header: bool,
    forged: usize,
    two_types: usize,
    too_deep: usize,
    too_many: bool,
    not_ended: bool,
    cut: bool,
}

/// The mail within the limits, and a sentence for each thing left out.
pub fn prune(raw: &[u8], limits: &Limits) -> (Vec<u8>, Vec<String>) {
    let kept = raw.get(..limits.size).unwrap_or(raw);
    let mut walk = Walk {
        limits,
        out: Vec::with_capacity(kept.len()),
        frames: Vec::new(),
        in_header: true,
        field: Vec::new(),
        field_too_long: false,
        block: 0,
        essential: 0,
        content_type: Vec::new(),
        content_type_at: None,
        encoded: false,
        top: true,
        parts: 1,
        skipping: false,
        seen: Seen { cut: kept.len() < raw.len(), ..Seen::default() },
    };
    let mut started = false;
    for line in kept.split_inclusive(|byte| *byte == b'\n') {
        // Blank lines and an mbox "From " line ahead of the header are no mail.
        if !started && (bare(line).is_empty() || line.starts_with(b"From ")) {
            continue;
        }
        started = true;
        if !walk.line(line) {
            break;
        }
    }
    walk.end();
    let problems = walk.seen.problems(limits);
    (walk.out, problems)
}

impl Walk<'_> {
    /// Takes one line; false when the rest of the mail is not to be read.
    fn line(&mut self, line: &[u8]) -> bool {
        if line.starts_with(b"--")
            && !self.frames.is_empty()
            && let Some((level, last)) = self.boundary(bare(line))
        {
            return self.at_boundary(line, level, last);
        }
        if self.in_header {
            self.header_line(line);
        } else if !self.skipping {
            self.out.extend_from_slice(line);
        }
        true
    }

    /// Which open multipart this line belongs to, and whether it closes it
    /// (RFC 2046 section 5.1.1); outer boundaries end inner parts (5.1.2).
    fn boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let rest = line.get(2..)?;
        self.frames.iter().enumerate().rev().find_map(|(level, frame)| match frame {
            Frame::Multipart(open) => match rest.strip_prefix(open.boundary.as_slice()) {
                Some(b"") => Some((level, false)),
                Some(b"--") => Some((level, true)),
                _ => None,
            },
            Frame::Message => None,
        })
    }

    fn at_boundary(&mut self, line: &[u8], level: usize, last: bool) -> bool {
        self.end_field();
        let inner = self.frames.split_off((level + 1).min(self.frames.len()));
        inner.into_iter().rev().for_each(|frame| self.abandon(frame));
        self.skipping = level >= self.limits.depth;
        self.in_header = !last;
        self.start_block();
        if last {
            self.frames.truncate(level);
        } else {
            self.parts += 1;
            if self.parts > self.limits.parts {
                self.seen.too_many = true;
                return false;
            }
            if let Some(Frame::Multipart(open)) = self.frames.get_mut(level) {
                open.begun |= !self.skipping;
            }
        }
        if !self.skipping {
            self.out.extend_from_slice(line);
        }
        true
    }

    /// Leaves a part that an outer boundary, or the end of the mail, cut off. The
    /// parser would take all that follows for a piece of it, so it is ended here;
    /// one that never began is no multipart at all, and its text is text.
    fn abandon(&mut self, frame: Frame) {
        let Frame::Multipart(open) = frame else {
            return;
        };
        if open.begun {
            self.seen.not_ended = true;
            if !self.out.ends_with(b"\n") {
                self.out.extend_from_slice(b"\r\n");
            }
            let end = [b"--".as_slice(), &open.boundary, b"--\r\n"].concat();
            self.out.extend_from_slice(&end);
        } else if let Some(at) = open.content_type
            && let Some(name) = self.out.get_mut(at..at + OVER_CONTENT_TYPE.len())
        {
            name.copy_from_slice(OVER_CONTENT_TYPE);
        }
    }

    /// Leaves all that is still open at the end of the mail.
    fn end(&mut self) {
        self.end_field();
        let open = std::mem::take(&mut self.frames);
        open.into_iter().rev().for_each(|frame| self.abandon(frame));
        // After the last part that is read, nothing is missing but what was told.
        self.seen.not_ended &= !self.seen.too_many;
    }

    fn start_block(&mut self) {
        self.block = 0;
        self.essential = 0;
        self.content_type.clear();
        self.content_type_at = None;
        self.encoded = false;
    }

    fn header_line(&mut self, line: &[u8]) {
        if bare(line).is_empty() {
            self.end_field();
            self.end_block(line);
            return;
        }
        let folded = line.first().is_some_and(|byte| *byte == b' ' || *byte == b'\t');
        if !folded {
            self.end_field();
        }
        let room = self.limits.header_field.saturating_sub(self.field.len());
        if line.len() > room {
            self.field_too_long = true;
        }
        self.field.extend_from_slice(line.get(..room).unwrap_or(line));
    }

    fn end_field(&mut self) {
        let mut field = std::mem::take(&mut self.field);
        if field.is_empty() {
            return;
        }
        if std::mem::take(&mut self.field_too_long) {
            self.seen.fields_cut += 1;
            field.extend_from_slice(b"\r\n");
        }
        if field.contains(&0) {
            self.seen.nul_in_header = true;
            field.retain(|byte| *byte != 0);
        }
        let colon = field.iter().position(|byte| *byte == b':').unwrap_or(0);
        let (name, value) = field.split_at(colon);
        let name = String::from_utf8_lossy(name).trim().to_ascii_lowercase();
        if self.top && is_ours(&name) {
            self.seen.forged += 1;
            return;
        }
        if !self.has_room(&name, field.len()) {
            self.seen.fields_dropped += 1;
            return;
        }
        match name.as_str() {
            // The parser takes the last one, this walk the first: only one may be true.
            "content-type" if !self.content_type.is_empty() => {
                self.seen.two_types += 1;
                if let Some(name) = field.get_mut(..OVER_CONTENT_TYPE.len()) {
                    name.copy_from_slice(OVER_CONTENT_TYPE);
                }
            }
            "content-type" => {
                self.content_type = value.to_vec();
                self.content_type_at = (!self.skipping).then_some(self.out.len());
            }
            "content-transfer-encoding" => {
                let value = value.to_ascii_lowercase();
                self.encoded = contains(&value, b"base64") || contains(&value, b"quoted-printable");
            }
            _ => {}
        }
        if !self.skipping {
            self.out.extend_from_slice(&field);
        }
    }

    fn has_room(&mut self, name: &str, size: usize) -> bool {
        if self.block + size <= self.limits.header_block {
            self.block += size;
            return true;
        }
        self.block = self.limits.header_block;
        let essential = ESSENTIAL.contains(&name) && self.essential + size <= ESSENTIAL_BYTES;
        if essential {
            self.essential += size;
        }
        essential
    }

    fn end_block(&mut self, line: &[u8]) {
        self.top = false;
        self.in_header = false;
        if !self.skipping {
            self.out.extend_from_slice(line);
        }
        let value = self.content_type.to_ascii_lowercase();
        if contains(&value, b"multipart/") {
            if let Some(boundary) = boundary_of(&self.content_type) {
                let content_type = self.content_type_at;
                self.open(Frame::Multipart(Multipart { boundary, content_type, begun: false }));
            }
        } else if (contains(&value, b"message/rfc822") || contains(&value, b"message/global")) && !self.encoded {
            self.open(Frame::Message);
            self.in_header = true;
            self.start_block();
        }
    }

    fn open(&mut self, frame: Frame) {
        self.frames.push(frame);
        if self.frames.len() > self.limits.depth {
            self.seen.too_deep += usize::from(!self.skipping);
            self.skipping = true;
            // One frame more than allowed is enough to find the way back.
            self.frames.truncate(self.limits.depth + 1);
        }
    }
}

impl Seen {
    fn problems(&self, limits: &Limits) -> Vec<String> {
        let mut problems = Vec::new();
        if self.cut {
            problems.push(format!("The mail is larger than {} bytes; the rest was not read.", limits.size));
        }
        if self.too_many {
            problems.push(format!("The mail has more than {} parts; the later ones were not read.", limits.parts));
        }
        if self.too_deep > 0 {
            problems.push(format!("Parts nested deeper than {} were not read.", limits.depth));
        }
        if self.not_ended {
            problems.push("A part of the mail is not ended as it should be.".to_owned());
        }
        if self.fields_dropped > 0 {
            problems.push(format!("The header is larger than {} bytes; {} fields were not read.", limits.header_block, self.fields_dropped));
        }
        if self.fields_cut > 0 {
            problems.push(format!("{} header fields longer than {} bytes were cut.", self.fields_cut, limits.header_field));
        }
        if self.nul_in_header {
            problems.push("NUL bytes were taken out of the header.".to_owned());
        }
        if self.two_types > 0 {
            problems.push("A part of the mail has more than one Content-Type field; the first was used.".to_owned());
        }
        if self.forged > 0 {
            problems.push(format!("{} header fields that only this system may write were ignored.", self.forged));
        }
        problems
    }
}

/// Whether the mail begins with a header: one line at least is a field
/// (RFC 5322 section 2.2).
pub fn has_header(mail: &[u8]) -> bool {
    let block = mail.split(|byte| *byte == b'\n').take_while(|line| !bare(line).is_empty());
    block.take(1000).any(|line| {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        name.len() < line.len() && !bare(name).is_empty() && bare(name).iter().all(u8::is_ascii_graphic)
    })
}

/// Fields by which case systems speak to themselves (CVE-2023-41259).
fn is_ours(name: &str) -> bool {
    ["x-atalaya-", "x-rt-", "rt-"].iter().any(|prefix| name.starts_with(prefix))
}

/// A line without its end and trailing white space.
fn bare(line: &[u8]) -> &[u8] {
    line.trim_ascii_end()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// The boundary parameter (RFC 2045 section 5.1), quoted or not.
fn boundary_of(content_type: &[u8]) -> Option<Vec<u8>> {
    let key = b"boundary";
    let lower = content_type.to_ascii_lowercase();
    let at = lower.windows(key.len()).position(|window| window == key)?;
    let value = content_type.get(at + key.len()..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let boundary: Vec<u8> = match value.strip_prefix(b"\"") {
        Some(quoted) => quoted.iter().copied().take_while(|byte| *byte != b'"').filter(|byte| *byte != b'\\').collect(),
        None => value.iter().copied().take_while(|byte| *byte != b';' && !byte.is_ascii_whitespace()).collect(),
    };
    (!boundary.is_empty()).then_some(boundary)
}
