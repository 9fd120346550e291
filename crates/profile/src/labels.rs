//! How far information may go: the label of what nobody labelled, and the highest label that each
//! channel may carry.

use formats::label::Tlp;

use super::source::Table;

/// The `[labels]` table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labels {
    /// The label of what carries none.
    pub default: Tlp,
    /// The highest label that a recipient may get for whom nothing else is agreed.
    pub recipient: Tlp,
    /// The highest label on each way out.
    pub ceiling: Ceilings,
}

/// The `[labels.ceiling]` table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceilings {
    /// Mail that anybody on its way could read.
    pub mail: Tlp,
    /// Mail encrypted to its recipient.
    pub mail_encrypted: Tlp,
    /// Pages behind a log-in or a receipt code.
    pub portal: Tlp,
    /// Pages and feeds for everybody.
    pub public: Tlp,
    /// Programs with a token.
    pub api: Tlp,
}

impl Default for Labels {
    fn default() -> Self {
        let ceiling = Ceilings { mail: Tlp::Amber, mail_encrypted: Tlp::Red, portal: Tlp::Red, public: Tlp::Clear, api: Tlp::Amber };
        Self { default: Tlp::Amber, recipient: Tlp::Amber, ceiling }
    }
}

impl Labels {
    pub(super) fn read(table: Table<'_>) -> Self {
        let plain = Self::default();
        let labels = Self {
            default: tlp(&table, "default").unwrap_or(plain.default),
            recipient: tlp(&table, "recipient").unwrap_or(plain.recipient),
            ceiling: table.option("ceiling").map_or(plain.ceiling, Ceilings::read),
        };
        if let Some(item) = table.get("default")
            && labels.default == Tlp::Clear
        {
            item.fault("a label that holds back what nobody has looked at: GREEN or above");
        }
        table.close();
        labels
    }
}

impl Ceilings {
    fn read(table: Table<'_>) -> Self {
        let plain = Labels::default().ceiling;
        let ceilings = Self {
            mail: tlp(&table, "mail").unwrap_or(plain.mail),
            mail_encrypted: tlp(&table, "mail_encrypted").unwrap_or(plain.mail_encrypted),
            portal: tlp(&table, "portal").unwrap_or(plain.portal),
            public: tlp(&table, "public").unwrap_or(plain.public),
            api: tlp(&table, "api").unwrap_or(plain.api),
        };
        if let Some(item) = table.get("public")
            && ceilings.public > Tlp::Clear
        {
            item.fault("CLEAR: whatever else is public has left its community (TLP 2.0)");
        }
        table.close();
        ceilings
    }
}

fn tlp(table: &Table<'_>, key: &'static str) -> Option<Tlp> {
    let expected = "CLEAR, GREEN, AMBER, AMBER+STRICT or RED";
    table.get(key)?.read(expected, |text| text.parse().ok())
}
