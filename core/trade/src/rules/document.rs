//! Notarising documents over the ledger, and taking them back.

use allonge_ledger::{Context, Error};

use crate::document::{DocumentContent, DocumentStatus, MAX_REASON_LENGTH, NotarisedDocument};
use crate::event::TradeEvent;
use crate::identifier::DocumentId;
use crate::registry::{
    DOCUMENT_EXISTS, DOCUMENT_NOT_ISSUER, DOCUMENT_NOT_VALID, DOCUMENT_UNKNOWN, REGISTER_NUMBER_INVALID,
};
use crate::terms::check_line;

/// An issuer vouches for a file; an earlier one of its own may have been superseded by it.
pub(super) fn notarise(
    context: &mut Context<'_, TradeEvent>,
    number: String,
    content: DocumentContent,
    supersedes: Option<DocumentId>,
) -> Result<(), Error> {
    let id = DocumentId::new(context.author().clone(), number)
        .map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))?;
    content.validate()?;
    let unused = context.get::<NotarisedDocument>(&id)?.is_none();
    context.judge(&DOCUMENT_EXISTS, DOCUMENT_EXISTS.unless(unused, |r| r.with("document", &id)))?;
    let now = context.now();
    if let Some(earlier) = &supersedes {
        let before = own(context, earlier)?.supersede(id.clone(), now);
        let before = context.judge(&DOCUMENT_NOT_VALID, before)?;
        context.put(earlier, &before);
    }
    let document = NotarisedDocument {
        id: id.clone(),
        status: DocumentStatus::Valid,
        content,
        notarised_at: now,
        supersedes: supersedes.clone(),
    };
    context.put(&id, &document);
    context.emit(TradeEvent::DocumentNotarised { document: id, sha256: document.content.sha256, supersedes });
    Ok(())
}

/// The issuer takes a document back.
pub(super) fn revoke(
    context: &mut Context<'_, TradeEvent>,
    id: &DocumentId,
    reason: String,
) -> Result<(), Error> {
    check_line("reason", &reason, MAX_REASON_LENGTH)?;
    let now = context.now();
    let document = own(context, id)?.revoke(reason.clone(), now);
    let document = context.judge(&DOCUMENT_NOT_VALID, document)?;
    context.put(id, &document);
    context.emit(TradeEvent::DocumentRevoked { document: id.clone(), reason });
    Ok(())
}

fn own(context: &mut Context<'_, TradeEvent>, id: &DocumentId) -> Result<NotarisedDocument, Error> {
    let judged = DOCUMENT_NOT_ISSUER.unless(context.author() == id.issuer(), |refusal| {
        refusal.with("document", id).with("party", context.author())
    });
    context.judge(&DOCUMENT_NOT_ISSUER, judged)?;
    context.get::<NotarisedDocument>(id)?.ok_or_else(|| DOCUMENT_UNKNOWN.error().with("document", id))
}
