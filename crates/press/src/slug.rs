//! The last word of an address.

use icu_normalizer::DecomposingNormalizerBorrowed;

/// So long it may be.
const LONGEST: usize = 60;

/// A title as the last word of an address: small letters without accents, digits, `-`; never empty. What has no letter of
/// the Latin alphabet is called `page`.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for c in DecomposingNormalizerBorrowed::new_nfkd().normalize(title).chars() {
        if slug.len() >= LONGEST {
            break;
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !c.is_alphanumeric() && !is_mark(c) && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "page".to_owned() } else { slug.to_owned() }
}

/// Accents stand apart from their letters, once these were taken apart (Unicode block Combining Diacritical Marks).
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn titles_become_words_of_an_address() {
        assert_eq!(slug("La première heure d’une attaque"), "la-premiere-heure-d-une-attaque");
        assert_eq!(slug("  ¿Qué es un CSIRT?  "), "que-es-un-csirt");
        assert_eq!(slug("???"), "page");
        assert!(slug(&"a b".repeat(100)).len() <= 60);
    }
}
