//! A message: its original text and its typed content.

use serde::{Deserialize, Serialize};

use allonge_finance::Bic;

use super::fault::{FaultCode, Faults, FinError};
use super::header::{self, ApplicationHeader, BasicHeader, HeaderTag};
use super::source::Source;
use super::tables::StandardsRelease;
use super::value::{Component, Value};
use super::{MAX_INPUT_BYTES, MAX_MESSAGE_CHARACTERS, blocks, render, text, validate};

/// A valid message. Only [`parse`] makes one, so whatever holds one need not check it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinMessage {
    original: String,
    content: MessageContent,
}

/// What a message says, typed. Edit a copy and [`build`](MessageContent::build) a new message from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "FinMessageContent"))]
#[serde(deny_unknown_fields)]
pub struct MessageContent {
    /// The release whose tables the message is read by.
    pub release: StandardsRelease,
    /// Block 1.
    pub basic_header: BasicHeader,
    /// Block 2.
    pub application_header: ApplicationHeader,
    /// Block 3, if there is one: 108 is the sender's message reference, 121 the UETR.
    pub user_header: Option<Vec<HeaderTag>>,
    /// Block 4, in its order.
    pub fields: Vec<Field>,
    /// Block 5, if there is one. Not part of a built message: the sending interface computes it.
    pub trailer: Option<Vec<HeaderTag>>,
    /// Block S of some interfaces, if there is one. Not part of a built message.
    pub system_trailer: Option<Vec<HeaderTag>>,
}

/// A field with its components.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "FinField"))]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The tag, such as `31D`.
    pub tag: String,
    /// The sequence (`A`, `B`, …) in message types that have any.
    pub sequence: Option<String>,
    /// What the standard calls the field. For people: two fields are equal whatever their names.
    #[serde(default)]
    pub name: String,
    /// The components that are present, in order.
    pub components: Vec<Component>,
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        (&self.tag, &self.sequence, &self.components) == (&other.tag, &other.sequence, &other.components)
    }
}

impl Eq for Field {}

impl Field {
    /// The value of a component, if it is present.
    pub fn component(&self, name: &str) -> Option<&Value> {
        self.components.iter().find(|component| component.name == name).map(|component| &component.value)
    }
}

/// Reads and checks a FIN message.
///
/// Line breaks may be `\r\n` or `\n`; spaces, line breaks, SOH and ETX around the message are let through
/// and kept. The input is bounded by [`MAX_INPUT_BYTES`](super::MAX_INPUT_BYTES), the message
/// by [`MAX_MESSAGE_CHARACTERS`](super::MAX_MESSAGE_CHARACTERS).
///
/// # Errors
/// Every fault of the message at once: headers (H, U and Z codes), characters and length (M), fields and
/// formats (T), rules between fields (C and D codes), usage rules (`USAGE`). An input beyond the bound, and a
/// message type without a table (H30), are reported without a look at the fields.
pub fn parse(input: &[u8], release: StandardsRelease) -> Result<FinMessage, FinError> {
    let mut faults = Faults::default();
    if input.len() > MAX_INPUT_BYTES {
        too_long(input.len(), &mut faults);
        return Err(FinError::of(faults));
    }
    let source = Source::new(input, &mut faults);
    let content = read(&source, release, &mut faults);
    match content {
        Some(content) if faults.list.is_empty() => {
            Ok(FinMessage { original: source.text().to_owned(), content })
        }
        _ => Err(FinError::of(faults)),
    }
}

fn too_long(characters: usize, faults: &mut Faults) {
    let reason = format!("the message has {characters} characters; {MAX_MESSAGE_CHARACTERS} are allowed");
    faults.add(
        (1, 1),
        FaultCode::M50,
        reason,
        "continue it in further messages, such as MT 701 after MT 700",
    );
}

fn read(source: &Source, release: StandardsRelease, faults: &mut Faults) -> Option<MessageContent> {
    let blocks = blocks::split(source, faults);
    // Block 2 first: it says which message type all faults belong to.
    let application_header = header::read_application(source, blocks.application_header, faults);
    let basic_header = header::read_basic(source, blocks.basic_header, faults);
    let user_header = header::read_tags(source, blocks.user_header, FaultCode::U00, faults);
    let trailer = header::read_tags(source, blocks.trailer, FaultCode::Z00, faults);
    let system_trailer = header::read_tags(source, blocks.system_trailer, FaultCode::Z00, faults);
    let end = blocks.text.as_ref().map_or(source.text().len(), |text| text.end);
    // Up to the content's end, and the `-}` that closes it.
    let counted = source.text().get(..end.saturating_add(2)).unwrap_or(source.text());
    let lone_line_feeds = counted.matches('\n').count().saturating_sub(counted.matches("\r\n").count());
    let characters = counted.len().saturating_add(lone_line_feeds);
    if characters > MAX_MESSAGE_CHARACTERS {
        too_long(characters, faults);
    }
    let raw = match blocks.text {
        Some(block) => text::fields(source, block, faults),
        None => {
            faults.add(
                source.position(end),
                FaultCode::H98,
                "the text block is missing",
                "give the text, {4:…-}",
            );
            Vec::new()
        }
    };
    let message_type = application_header.as_ref()?.message_type();
    let Some(table) = release.message(message_type) else {
        if message_type.len() == 3 && message_type.bytes().all(|b| b.is_ascii_digit()) {
            let known: Vec<&str> = release.messages().iter().map(|table| table.message_type).collect();
            let reason = format!("MT {message_type} has no table in this release of the toolkit");
            faults.add((1, 1), FaultCode::H30, reason, format!("message types known: {}", known.join(", ")));
        }
        return None;
    };
    let fields = validate::fields(source, table, release, &raw, end, faults);
    Some(MessageContent {
        release,
        basic_header: basic_header?,
        application_header: application_header?,
        user_header,
        fields,
        trailer,
        system_trailer,
    })
}

impl FinMessage {
    /// The bytes of the message: of a parsed one the original, of a built one its canonical form.
    pub fn format(&self) -> Vec<u8> {
        self.original.as_bytes().to_vec()
    }

    /// The same as text; every SWIFT character is ASCII.
    pub fn as_str(&self) -> &str {
        &self.original
    }

    /// What the message says.
    pub fn content(&self) -> &MessageContent {
        &self.content
    }

    /// What the message says, to edit and build anew.
    pub fn into_content(self) -> MessageContent {
        self.content
    }

    /// The message type, such as `700`.
    pub fn message_type(&self) -> &str {
        self.content.application_header.message_type()
    }

    /// What the standard calls the message type.
    pub fn title(&self) -> &'static str {
        self.content.release.message(self.message_type()).map_or("", |table| table.title)
    }

    /// The bank that sent the message, from its headers.
    pub fn sender(&self) -> Option<Bic> {
        let content = &self.content;
        header::bank(match &content.application_header {
            ApplicationHeader::Input { .. } => &content.basic_header.logical_terminal,
            output @ ApplicationHeader::Output { .. } => output.address(),
        })
        .ok()
    }

    /// The bank that the message is for, from its headers.
    pub fn receiver(&self) -> Option<Bic> {
        let content = &self.content;
        header::bank(match &content.application_header {
            input @ ApplicationHeader::Input { .. } => input.address(),
            ApplicationHeader::Output { .. } => &content.basic_header.logical_terminal,
        })
        .ok()
    }

    /// The unique end-to-end transaction reference (tag 121 of block 3), if there is one.
    pub fn uetr(&self) -> Option<&str> {
        let tags = self.content.user_header.as_deref().unwrap_or(&[]);
        tags.iter().find(|entry| entry.tag == "121").map(|entry| entry.value.as_str())
    }

    /// The fields of block 4, in their order.
    pub fn fields(&self) -> &[Field] {
        &self.content.fields
    }

    /// The first field of a tag, such as `32B`; `41a` finds whichever option is there.
    pub fn field(&self, tag: &str) -> Option<&Field> {
        let table = self.content.release.message(self.message_type())?;
        self.content.fields.iter().find(|field| table.means(tag, &field.tag))
    }
}

impl MessageContent {
    /// Writes the content in canonical form, and reads it back.
    ///
    /// Canonical: `\r\n`, no trailers, nothing around the message, amounts without needless decimals, numbers
    /// without leading zeros, no branch `XXX` in a BIC of a field. Letters of free text stay as they are.
    ///
    /// # Errors
    /// `JSON` faults where the content is not that of a message (an unknown field or component, a value of the
    /// wrong kind, text that would read back as something else); and all faults of [`parse`], their lines
    /// counted in the canonical text.
    pub fn build(&self) -> Result<FinMessage, FinError> {
        let text = render::message(self)?;
        let message = parse(text.as_bytes(), self.release)?;
        let meant = MessageContent { trailer: None, system_trailer: None, ..self.clone() };
        if message.content == meant {
            return Ok(message);
        }
        let changed = message.fields().iter().zip(&self.fields).find(|(read, meant)| read != meant);
        let mut faults = Faults::of(message.message_type());
        let remedy = "keep line breaks, tags and braces out of single values";
        faults.add((1, 1), FaultCode::Json, "the content would read back as something else", remedy);
        if let (Some(fault), Some((_, meant))) = (faults.last(), changed) {
            fault.tag = Some(meant.tag.clone());
        }
        Err(FinError::of(faults))
    }
}
