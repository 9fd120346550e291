//! A form that is looked at before it is saved: by its button, or by the script a moment after somebody typed.

use press::Wanted;

use crate::Result;
use crate::publications::csaf;
use crate::publications::item::Publication;
use crate::web::Ctx;

/// Something that stands against what a form says, and no field of it.
pub(super) fn said(text: impl Into<String>) -> Wanted {
    Wanted { field: String::new(), text: text.into() }
}

/// What stands against a working copy as it would be: what cannot be kept, and what keeps its document from being one.
pub(super) async fn against(ctx: &Ctx, one: &Publication) -> Result<Vec<Wanted>> {
    let sectors: Vec<String> = ctx.app.profile.sectors.iter().map(|sector| sector.id.clone()).collect();
    let mut all = one.content.refused(&sectors);
    all.extend(csaf::problems(&mut ctx.app.db.read().await?, &ctx.app, one).await?.into_iter().map(said));
    Ok(all)
}
