//! Transferable records over the ledger: issued once, controlled by one, offered and accepted. MLETR.

use allonge_ledger::{Context, Error};

use crate::document::DocumentContent;
use crate::event::TradeEvent;
use crate::identifier::TransferableRecordId;
use crate::registry::{RECORD_EXISTS, RECORD_UNKNOWN, REGISTER_NUMBER_INVALID};
use crate::terms::check_line;
use crate::transferable::{
    MAX_STATEMENT_LENGTH, RecordOffer, TransferableKind, TransferableRecord, TransferableState,
};
use allonge_finance::Timestamp;

/// A party issues a record, and controls it until another takes it. MLETR art. 10, 17.
pub(super) fn issue(
    context: &mut Context<'_, TradeEvent>,
    number: String,
    kind: TransferableKind,
    content: DocumentContent,
    replaces_paper: Option<String>,
) -> Result<(), Error> {
    let issuer = context.author().clone();
    let id = TransferableRecordId::new(issuer.clone(), number)
        .map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))?;
    content.validate()?;
    if let Some(statement) = &replaces_paper {
        check_line("replaces_paper", statement, MAX_STATEMENT_LENGTH)?;
    }
    let unused = context.get::<TransferableRecord>(&id)?.is_none();
    context.judge(&RECORD_EXISTS, RECORD_EXISTS.unless(unused, |refusal| refusal.with("record", &id)))?;
    context.emit(TradeEvent::TransferableIssued {
        record: id.clone(),
        kind,
        sha256: content.sha256,
        replaces_paper: replaces_paper.clone(),
    });
    let record = TransferableRecord {
        id: id.clone(),
        state: TransferableState::Controlled,
        kind,
        controller: issuer,
        transfers: 0,
        content,
        amendments: Vec::new(),
        replaces_paper,
        issued_at: context.now(),
    };
    context.put(&id, &record);
    Ok(())
}

/// The controller offers control, the record against performance, or an amendment. MLETR art. 11, 15, 16.
pub(super) fn offer(
    context: &mut Context<'_, TradeEvent>,
    id: &TransferableRecordId,
    offer: RecordOffer,
    expires_at: Timestamp,
) -> Result<(), Error> {
    match &offer {
        RecordOffer::Control { to } => context.party(to).map(|_| ())?,
        RecordOffer::Amendment { content } => content.validate()?,
        RecordOffer::Surrender => {}
    }
    let (author, now) = (context.author().clone(), context.now());
    let record = load(context, id)?.offer(&author, offer.clone(), expires_at, now, context.findings())?;
    context.put(id, &record);
    context.emit(TradeEvent::TransferableOffered { record: id.clone(), offer, expires_at });
    Ok(())
}

/// The controller takes its offer back.
pub(super) fn withdraw(
    context: &mut Context<'_, TradeEvent>,
    id: &TransferableRecordId,
) -> Result<(), Error> {
    let author = context.author().clone();
    let record = load(context, id)?.withdraw(&author, context.findings())?;
    context.put(id, &record);
    context.emit(TradeEvent::TransferableOfferWithdrawn { record: id.clone() });
    Ok(())
}

/// The party to whom it is offered accepts. MLETR art. 11, 15, 16.
pub(super) fn accept(
    context: &mut Context<'_, TradeEvent>,
    id: &TransferableRecordId,
    offer: &RecordOffer,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let before = load(context, id)?;
    let from = before.controller.clone();
    let replaced = before.content.sha256;
    let record = before.accept(&author, offer, now, context.findings())?;
    context.emit(match offer {
        RecordOffer::Control { .. } => TradeEvent::ControlTransferred {
            record: id.clone(),
            from,
            to: record.controller.clone(),
            transfers: record.transfers,
        },
        RecordOffer::Surrender => {
            TradeEvent::TransferableEnded { record: id.clone(), state: record.state.clone() }
        }
        RecordOffer::Amendment { content } => {
            TradeEvent::TransferableAmended { record: id.clone(), before: replaced, after: content.sha256 }
        }
    });
    context.put(id, &record);
    Ok(())
}

/// The controller lets paper take the place of a record. MLETR art. 18.
pub(super) fn switch_to_paper(
    context: &mut Context<'_, TradeEvent>,
    id: &TransferableRecordId,
    statement: String,
) -> Result<(), Error> {
    check_line("statement", &statement, MAX_STATEMENT_LENGTH)?;
    let (author, now) = (context.author().clone(), context.now());
    let record = load(context, id)?.switch_to_paper(&author, statement, now, context.findings())?;
    context.put(id, &record);
    context.emit(TradeEvent::TransferableEnded { record: id.clone(), state: record.state });
    Ok(())
}

fn load(context: &Context<'_, TradeEvent>, id: &TransferableRecordId) -> Result<TransferableRecord, Error> {
    context.get::<TransferableRecord>(id)?.ok_or_else(|| RECORD_UNKNOWN.error().with("record", id))
}
