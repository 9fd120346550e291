//! What the standard has against an advisory, in words of the form in which it is mended.

use csaf::advisory::Advisory;
use csaf::validate::Finding;

use crate::text::short_line;

/// So much of a finding's own words is shown: those of a schema quote its patterns.
const SHOWN: usize = 160;

/// What to do about a finding; what is seen seldom stays in the judge's words, with its place.
pub fn line(of: &Advisory, finding: &Finding) -> String {
    let field = finding.field.as_deref().unwrap_or(&finding.pointer);
    match cure(of, &finding.test, field) {
        Some(words) => format!("{words} (CSAF {})", finding.test),
        None => format!("{} ({}{})", short_line(&finding.words, SHOWN), finding.test, if field.is_empty() { String::new() } else { format!(", {field}") }),
    }
}

/// For the findings that are met most (CSAF 2.0 section 6.1; profiles: 6.1.27).
fn cure(of: &Advisory, test: &str, field: &str) -> Option<String> {
    let one = vulnerability(of, field);
    let product = product(of, field);
    Some(match test {
        "schema" if field.ends_with("/cpe") => format!("The CPE of {product} is none: take the product out and add it with a whole one, or without."),
        "6.1.13" => format!("The package URL of {product} is none: take the product out and add it with a whole one, or without."),
        "schema" if field.ends_with("/purl") => format!("The package URL of {product} is none: take the product out and add it with a whole one, or without."),
        "6.1.6" => format!("{one} says two things of one product: choose one of them in its form."),
        "6.1.8" | "6.1.9" => format!("A CVSS vector of {one} is not whole: put it together anew in its form."),
        "6.1.11" => format!("The weakness of {one} is not called so in the list (CWE): choose it from the list in its form."),
        "6.1.23" => "The same CVE id stands in two vulnerabilities: take one of them out.".to_owned(),
        "6.1.27.1" => "Say what it is, who is affected or what to do, in the words of its language.".to_owned(),
        "6.1.27.2" => "It names no vulnerability, so it has to lead elsewhere: write an address under Facts, To read, or add a vulnerability.".to_owned(),
        "6.1.27.4" => "It names a vulnerability and no product: add the releases that are hit under Products.".to_owned(),
        "6.1.27.5" => format!("Say what {one} is: in its form, What it is."),
        "6.1.27.12" => format!("Say which products {one} hits: in its form, Which products? Where none is left, take it out."),
        "6.1.27.6" => format!("Say what the products are to {one} (affected, fixed, not affected): in its form, Which products?"),
        _ => return None,
    })
}

/// The place in a list that a pointer leads to: `/vulnerabilities/2/notes`.
fn place<'a, T>(list: &'a [T], name: &str, field: &str) -> Option<&'a T> {
    let rest = field.strip_prefix(name)?;
    list.get(rest.split('/').next()?.parse::<usize>().ok()?)
}

fn vulnerability(of: &Advisory, field: &str) -> String {
    let found = place(&of.vulnerabilities, "/vulnerabilities/", field);
    found.and_then(|one| one.cve.clone().or_else(|| one.title.clone())).unwrap_or_else(|| "a vulnerability".to_owned())
}

fn product(of: &Advisory, field: &str) -> String {
    place(&of.products, "/products/", field).map_or_else(|| "a product".to_owned(), csaf::advisory::Product::full_name)
}
