//! A new message from the text of its fields.

use allonge_finance::Bic;

use super::fault::{FaultCode, Faults, FinError};
use super::header::{self, ApplicationHeader, BasicHeader, HeaderTag};
use super::message::{FinMessage, parse};
use super::tables::StandardsRelease;

/// Writes a message of fields given as text; the result has passed every check of [`parse`].
///
/// ```
/// use allonge_finance::Bic;
/// use allonge_messages::fin::{MessageBuilder, StandardsRelease};
///
/// let (from, to) = (Bic::parse("SYNBCNBJ")?, Bic::parse("SYNADEFF")?);
/// let continuation = MessageBuilder::new(StandardsRelease::Sr2025, "701", &from, &to)
///     .field("27", "2/2")
///     .field("20", "LC26030001")
///     .field("47A", "+ ALL DOCUMENTS MUST SHOW\nTHE CREDIT NUMBER")
///     .build()?;
/// assert!(continuation.as_str().contains("\r\n:20:LC26030001\r\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct MessageBuilder {
    release: StandardsRelease,
    basic_header: BasicHeader,
    application_header: ApplicationHeader,
    user_header: Vec<HeaderTag>,
    fields: Vec<(String, String)>,
}

impl MessageBuilder {
    /// An input message of a type, from a bank to a bank, with normal priority.
    pub fn new(release: StandardsRelease, message_type: &str, sender: &Bic, receiver: &Bic) -> Self {
        MessageBuilder {
            release,
            basic_header: BasicHeader {
                application_id: "F".to_owned(),
                service_id: "01".to_owned(),
                logical_terminal: header::address(sender, 'A'),
                session_number: "0000".to_owned(),
                sequence_number: "000000".to_owned(),
            },
            application_header: ApplicationHeader::Input {
                message_type: message_type.to_owned(),
                receiver: header::address(receiver, 'X'),
                priority: Some("N".to_owned()),
                delivery_monitoring: None,
                obsolescence_period: None,
            },
            user_header: Vec::new(),
            fields: Vec::new(),
        }
    }

    /// The sender's reference of the message (tag 108 of block 3).
    pub fn user_reference(self, reference: &str) -> Self {
        self.user_tag("108", reference)
    }

    /// The unique end-to-end transaction reference (tag 121 of block 3).
    pub fn uetr(self, uetr: &str) -> Self {
        self.user_tag("121", uetr)
    }

    fn user_tag(mut self, tag: &str, value: &str) -> Self {
        self.user_header.push(HeaderTag { tag: tag.to_owned(), value: value.to_owned() });
        self
    }

    /// The next field; lines of its text are parted by `\n`.
    pub fn field(mut self, tag: &str, text: &str) -> Self {
        self.fields.push((tag.to_owned(), text.to_owned()));
        self
    }

    /// Writes the message in canonical form and checks it.
    ///
    /// # Errors
    /// The faults of [`parse`]; and `JSON` where a text would break out of its field.
    pub fn build(self) -> Result<FinMessage, FinError> {
        let mut text = header::write_basic(&self.basic_header);
        text.push_str(&header::write_application(&self.application_header));
        if !self.user_header.is_empty() {
            text.push_str(&header::write_user(&self.user_header));
        }
        text.push_str("{4:\r\n");
        for (tag, content) in &self.fields {
            let content = content.replace("\r\n", "\n").replace('\n', "\r\n");
            text.push_str(&format!(":{tag}:{content}\r\n"));
        }
        text.push_str("-}");
        let message = parse(text.as_bytes(), self.release)?;
        let read = message.fields().iter().map(|field| field.tag.as_str());
        let same_fields = read.eq(self.fields.iter().map(|(tag, _)| tag.as_str()));
        let content = message.content();
        let same_headers = content.basic_header == self.basic_header
            && content.application_header == self.application_header
            && content.user_header.as_deref().unwrap_or(&[]) == self.user_header
            && content.trailer.is_none()
            && content.system_trailer.is_none();
        if same_fields && same_headers {
            return Ok(message);
        }
        let mut faults = Faults::of(message.message_type());
        let remedy = "keep tags, braces and ends of text out of the content of fields and headers";
        faults.add((1, 1), FaultCode::Json, "a text breaks out of its field or header", remedy);
        Err(FinError::of(faults))
    }
}
