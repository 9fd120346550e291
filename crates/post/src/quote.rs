//! Splits what a person wrote from the history they quoted. Nothing is lost:
//! the two pieces put together again, in one order or the other, are the text
//! byte for byte. Where someone answers between the quoted lines the whole text
//! is new, because cutting there would tear question from answer.

/// Lines that begin a copy of the mail being answered. Marks of *forwarded*
/// mail are not among them: what is forwarded to a CSIRT is the report.
const ORIGINAL: [&str; 9] = [
    "original message",
    "mensaje original",
    "message d'origine",
    "message original",
    "mensagem original",
    "ursprüngliche nachricht",
    "originalnachricht",
    "messaggio originale",
    "oorspronkelijk bericht",
];

/// How an attribution line begins and ends, by language: en, es, fr, pt, de, it, nl.
const ATTRIBUTION: [(&str, &str); 9] = [
    ("on ", "wrote:"),
    ("el ", "escribió:"),
    ("le ", "a écrit :"),
    ("le ", "a écrit:"),
    ("em ", "escreveu:"),
    ("am ", "schrieb"),
    ("il ", "ha scritto:"),
    ("op ", "schreef"),
    ("a ", "escribió:"),
];

/// Names of the From and date lines of a copied header block, by language.
const COPIED_FROM: [&str; 6] = ["from:", "de:", "von:", "da:", "de :", "van:"];
const COPIED_DATE: [&str; 13] =
    ["sent:", "date:", "enviado:", "enviado el:", "fecha:", "envoyé :", "envoyé:", "date :", "enviada em:", "data:", "gesendet:", "datum:", "inviato:"];

struct Line<'a> {
    text: &'a str,
    start: usize,
}

/// The text a person wrote, and the history they quoted. Either `new + quoted`
/// or, for an answer below the quote, `quoted + new` is the whole text.
pub fn new_part(text: &str) -> (String, String) {
    let lines = lines(text);
    if let Some(at) = copied_mail(&lines) {
        return split(text, at);
    }
    let quoted: Vec<bool> = lines.iter().map(|line| line.text.trim_start().starts_with('>')).collect();
    let (Some(first), Some(last)) = (quoted.iter().position(|q| *q), quoted.iter().rposition(|q| *q)) else {
        return match lines.iter().position(|line| attribution(line.text)) {
            // Programs that drop the marks leave only the attribution line.
            Some(at) if at > 0 => split(text, start(&lines, at)),
            _ => (text.to_owned(), String::new()),
        };
    };
    let from = attribution_before(&lines, first);
    if blank(&lines, last + 1, lines.len()) || signature(&lines, last + 1) {
        let run = lines.iter().zip(&quoted).enumerate().rev().skip_while(|(at, _)| *at > last);
        let top = run.take_while(|(_, (line, quoted))| **quoted || line.text.trim().is_empty());
        let top = top.filter(|(_, (_, quoted))| **quoted).last().map_or(first, |(at, _)| at);
        return split(text, start(&lines, attribution_before(&lines, top)));
    }
    let one_run = lines.iter().zip(&quoted).take(last).skip(first).all(|(line, q)| *q || line.text.trim().is_empty());
    if one_run && blank(&lines, 0, from) {
        let (quoted, new) = split(text, start(&lines, last + 1));
        return (new, quoted);
    }
    (text.to_owned(), String::new())
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let this = Line { text: line.trim_end_matches(['\n', '\r']), start };
            start += line.len();
            this
        })
        .collect()
}

fn split(text: &str, at: usize) -> (String, String) {
    let (head, tail) = text.split_at_checked(at).unwrap_or((text, ""));
    (head.to_owned(), tail.to_owned())
}

fn start(lines: &[Line<'_>], at: usize) -> usize {
    lines.get(at).map_or_else(|| lines.last().map_or(0, |_| usize::MAX), |line| line.start)
}

fn blank(lines: &[Line<'_>], from: usize, to: usize) -> bool {
    lines.iter().take(to).skip(from).all(|line| line.text.trim().is_empty())
}

/// Only blank lines and a signature (RFC 3676 section 4.3) follow.
fn signature(lines: &[Line<'_>], from: usize) -> bool {
    let rest = lines.iter().skip(from).map(|line| line.text).find(|line| !line.trim().is_empty());
    rest.is_some_and(|line| line == "-- " || line == "--") && lines.len().saturating_sub(from) <= 12
}

/// Where a program copied the answered mail with its header, without `>`.
fn copied_mail(lines: &[Line<'_>]) -> Option<usize> {
    lines.iter().enumerate().skip(1).find_map(|(at, line)| {
        let lower = line.text.trim().to_lowercase();
        let dashes = lower.starts_with("--") && lower.ends_with("--");
        if dashes && ORIGINAL.iter().any(|mark| lower.trim_matches(['-', ' ']) == *mark) {
            return Some(line.start);
        }
        let header = COPIED_FROM.iter().any(|name| lower.trim_matches('*').starts_with(name))
            && lines.iter().skip(at + 1).take(3).any(|next| {
                let next = next.text.trim().trim_matches('*').to_lowercase();
                COPIED_DATE.iter().any(|name| next.starts_with(name))
            });
        if !header || blank(lines, 0, at) {
            return None;
        }
        let ruled = lines.get(at - 1).filter(|rule| {
            let rule = rule.text.trim();
            rule.len() >= 5 && rule.chars().all(|c| c == '_' || c == '-')
        });
        // A forwarded mail has such a block too, under its own mark.
        let forwarded = lines.iter().take(at).skip(at.saturating_sub(3)).any(|before| forwarding(before.text));
        (!forwarded).then_some(ruled.map_or(line.start, |rule| rule.start))
    })
}

fn forwarding(line: &str) -> bool {
    let lower = line.to_lowercase();
    ["forward", "fwd", "reenviad", "transf", "encaminhad", "weitergeleitet", "inoltrat"].iter().any(|mark| lower.contains(mark))
}

/// `On Mon, 3 Nov 2026, Ana <ana@example.org> wrote:` in seven languages.
fn attribution(line: &str) -> bool {
    let lower = line.trim().to_lowercase();
    let dated = lower.chars().any(|c| c.is_ascii_digit());
    dated && lower.len() <= 400 && lower.ends_with(':') && ATTRIBUTION.iter().any(|(begin, end)| lower.starts_with(begin) && lower.contains(end))
}

/// The attribution line above a quote, which may be folded into three lines.
fn attribution_before(lines: &[Line<'_>], quote: usize) -> usize {
    let above = lines.iter().enumerate().take(quote).rev().find(|(_, line)| !line.text.trim().is_empty());
    let Some((last, _)) = above.filter(|(at, _)| quote - at <= 3) else {
        return quote;
    };
    (last.saturating_sub(2)..=last)
        .rev()
        .find(|from| {
            let joined: Vec<&str> = lines.iter().take(last + 1).skip(*from).map(|line| line.text.trim()).collect();
            attribution(&joined.join(" "))
        })
        .unwrap_or(quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, new: &str) {
        let (found, quoted) = new_part(text);
        assert_eq!(found.trim(), new, "in {text:?}");
        assert!(format!("{found}{quoted}") == text || format!("{quoted}{found}") == text, "lost a byte of {text:?}");
    }

    #[test]
    fn the_answer_is_told_from_the_history_in_seven_languages() {
        check("Thanks!\n\nOn Mon, 3 Nov 2026 at 10:00, Ana <a@e.org> wrote:\n> hello\n>\n> more\n", "Thanks!");
        check("Thanks!\n\nOn Mon, 3 Nov 2026 at 10:00, A very long name\n<a@e.org> wrote:\n\n> hello\n", "Thanks!");
        check("Gracias\n\nEl lun, 3 nov 2026 a las 10:00, Ana (<a@e.org>) escribió:\n\n> hola\n", "Gracias");
        check("Merci\n\nLe lun. 3 nov. 2026 à 10:00, Ana <a@e.org> a écrit :\n> bonjour\n", "Merci");
        check("Obrigado\n\nEm seg., 3 de nov. de 2026 às 10:00, Ana escreveu:\n> olá\n", "Obrigado");
        check("Danke\n\nAm 03.11.26 um 10:00 schrieb Ana:\n> hallo\n", "Danke");
        check("Hi\r\n\r\n-----Original Message-----\r\nFrom: Ana\r\nSent: Monday\r\n\r\nhello\r\n", "Hi");
        check("Hola\n\n-----Mensaje original-----\nDe: Ana\nEnviado el: lunes\n\nhola\n", "Hola");
        check("Hi\n\n________________________________\nVon: Ana <a@e.org>\nGesendet: Montag\nAn: b\n\nhallo\n", "Hi");
    }

    #[test]
    fn an_answer_below_or_between_keeps_its_words() {
        check("On 3 Nov 2026 Ana wrote:\n> hello\n> there\n\nMy answer.\n", "My answer.");
        let between = "On 3 Nov 2026 Ana wrote:\n> one?\nyes\n> two?\nno\n";
        check(between, between.trim());
        check("Top\n\n> old\n\n-- \nAna\n", "Top");
    }

    #[test]
    fn a_forwarded_mail_is_the_report_itself() {
        let text = "See this\n\n---------- Forwarded message ---------\nFrom: Bad <b@e.org>\nDate: today\n\nclick\n";
        check(text, text.trim());
        check("no quote at all", "no quote at all");
        check("", "");
    }
}
