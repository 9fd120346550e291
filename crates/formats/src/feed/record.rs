//! One record of a file, as every decoder hands it to the plan: a text for each column, and what the
//! record has beside them.

use std::ops::Range;

/// Where a cell stands: in the record's text, or, where that had to be mended first, in `mended`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub start: u32,
    pub end: u32,
    pub mended: bool,
}

impl Span {
    pub fn new(at: Range<usize>) -> Self {
        let clamp = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: clamp(at.start), end: clamp(at.end), mended: false }
    }

    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Cells by column, and fields that have no column: name and value as JSON.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Record<'a> {
    pub text: &'a str,
    pub mended: &'a str,
    pub spans: &'a [Span],
    pub more: &'a [(Span, Span)],
}

impl<'a> Record<'a> {
    pub fn get(&self, column: usize) -> &'a str {
        self.spans.get(column).map_or("", |span| self.at(*span))
    }

    pub fn at(&self, span: Span) -> &'a str {
        let text = if span.mended { self.mended } else { self.text };
        text.get(span.range()).unwrap_or_default()
    }
}
