//! Whether a command did what its reader expects.

use super::{markdown::Command, shell::Done};
use serde_json::Value;

/// First words of commands that print nothing when all is well.
const SILENT: [&str; 8] = [".", "cd", "chmod", "export", "mkdir", "set", "source", "umask"];

/// Says what is wrong with the end of a command. Its comment may announce what it does:
/// `# prints …` what is in its output, `# refused: …` that it fails and what it says then,
/// `# … none in the demo …` a list without items.
pub fn judge(command: &Command, done: &Done) -> Result<(), String> {
    let (comment, output) = (command.comment(), done.output.trim());
    if let Some(reason) = comment.strip_prefix("refused: ") {
        return match !done.success && output.contains(reason) {
            true => Ok(()),
            false => Err(format!("is not refused with {reason}")),
        };
    }
    if !done.success {
        return Err("fails".into());
    }
    if let Some(expected) = comment.strip_prefix("prints ")
        && !output.contains(expected)
    {
        return Err(format!("does not print {expected}"));
    }
    if is_silent(&command.text) {
        return Ok(());
    }
    if output.is_empty() || output == "null" {
        return Err("prints nothing".into());
    }
    if command.text.contains("%{http_code}") && !output.ends_with("200") {
        return Err("is not answered 200".into());
    }
    let Ok(answer) = serde_json::from_str::<Value>(output) else { return Ok(()) };
    if answer["status"].as_u64().is_some_and(|status| status >= 400) {
        return Err("is answered with a problem".into());
    }
    let none = comment.contains("none in the demo");
    match answer["items"].as_array().map(|items| items.is_empty()) {
        Some(true) if !none => Err("is answered without an item".into()),
        Some(false) if none => Err("is answered with items, and says that it has none".into()),
        _ => Ok(()),
    }
}

/// Whether a command prints nothing by its nature: it sets variables, defines a function, or writes into
/// a file.
fn is_silent(text: &str) -> bool {
    let code = text.rsplit_once(" # ").map_or(text, |(code, _)| code).trim();
    if code.contains(" >") || code.contains(" -out ") {
        return true;
    }
    let Some(first) = code.split_whitespace().next() else { return true };
    if first.ends_with("()") || SILENT.contains(&first) {
        return true;
    }
    is_assignment(code)
}

/// Whether there is nothing but `name=value`.
fn is_assignment(code: &str) -> bool {
    let Some((name, value)) = code.split_once('=') else { return false };
    let named = !name.is_empty()
        && name.chars().all(|c| {
            c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit() || c.is_ascii_lowercase()
        });
    // A value with a space is quoted or a substitution to its end; else a command follows.
    let whole = !value.contains(' ')
        || (value.contains("$(") && value.ends_with(')'))
        || (value.starts_with(['"', '\'']) && value.ends_with(['"', '\'']));
    named && whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str, success: bool, output: &str) -> Result<(), String> {
        let command = Command { place: "here".into(), text: text.into() };
        judge(&command, &Done { success, output: output.into() })
    }

    #[test]
    fn what_prints_nothing_is_no_answer() {
        assert_eq!(judged("curl -s $API/docs", true, ""), Err("prints nothing".into()));
        assert_eq!(judged("jq -r .profile file", true, "null\n"), Err("prints nothing".into()));
        assert_eq!(judged("FILE=x run me", true, ""), Err("prints nothing".into()));
        for silent in [
            "A=b",
            "A=$(b | c)   # d",
            "f() { b c; }",
            "export A=b",
            "a b > c",
            ". a/b.sh",
            "umask 077",
        ] {
            assert_eq!(judged(silent, true, ""), Ok(()), "{silent}");
        }
    }

    #[test]
    fn a_list_has_items_unless_it_says_that_it_has_none() {
        let (none, one) = (r#"{"items":[],"next":null}"#, r#"{"items":[{}],"next":null}"#);
        assert_eq!(judged("curl a", true, none), Err("is answered without an item".into()));
        assert_eq!(judged("curl a   # b; none in the demo", true, none), Ok(()));
        assert_eq!(judged("curl a   # b", true, one), Ok(()));
        assert!(judged("curl a   # none in the demo", true, one).is_err());
    }

    #[test]
    fn a_failure_and_a_problem_are_no_answer_unless_they_are_announced() {
        assert_eq!(judged("call a", false, "x"), Err("fails".into()));
        assert!(judged("curl a", true, r#"{"status":404,"title":"x"}"#).is_err());
        assert!(judged("curl -w '%{http_code}' a", true, "503").is_err());
        assert_eq!(judged("call a   # refused: NoFunds", false, "error: NoFunds"), Ok(()));
        assert!(judged("call a   # refused: NoFunds", true, "NoFunds").is_err());
        assert!(judged("call a   # refused: NoFunds", false, "error: other").is_err());
    }

    #[test]
    fn what_is_announced_is_printed() {
        assert_eq!(judged("call a   # prints Ok(1)", true, "Result Ok(1)"), Ok(()));
        assert!(judged("call a   # prints Ok(1)", true, "Result Ok(2)").is_err());
    }
}
