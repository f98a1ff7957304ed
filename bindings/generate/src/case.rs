//! The same name in the cases that languages write it in.

/// `issue_credit` as `IssueCredit`.
pub fn pascal(name: &str) -> String {
    name.split(['_', '.', '-']).map(capitalised).collect()
}

/// `covering_reference` as `coveringReference`.
pub fn camel(name: &str) -> String {
    let (first, rest) = name.split_once('_').unwrap_or((name, ""));
    format!("{first}{}", pascal(rest))
}

/// `IssueCredit` as `issue_credit`.
pub fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (place, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && place > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_words() {
        assert_eq!(pascal("issue_credit"), "IssueCredit");
        assert_eq!(camel("covering_reference"), "coveringReference");
        assert_eq!(snake("LetterOfCreditTerms"), "letter_of_credit_terms");
    }
}
