//! The commands that stand in Markdown files.

use anyhow::{Context, Result, bail, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What a comment that does not show says before a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// Nothing: the commands are run, one after the other.
    Run,
    /// `<!-- background, ready at "…" -->`: it stays up, and has begun when it prints that.
    Background(String),
    /// `<!-- not run: … -->`: a test cannot run it, for this reason.
    NotRun(String),
}

/// A fenced block of commands.
#[derive(Debug, Clone)]
pub struct Block {
    /// The file, from the root of the checkout.
    pub file: String,
    /// The heading that it stands under.
    pub heading: String,
    /// The line of its fence.
    pub line: usize,
    /// What is done with it.
    pub mode: Mode,
    /// What stands between the fences.
    pub text: String,
}

/// A command of a block, with its comment.
#[derive(Debug, Clone)]
pub struct Command {
    /// Where it stands: `file:line`.
    pub place: String,
    /// The command, as it stands there.
    pub text: String,
}

impl Command {
    /// What stands behind the last ` # `; for people, and for the test what to expect.
    pub fn comment(&self) -> &str {
        self.text.rsplit_once(" # ").map_or("", |(_, comment)| comment.trim())
    }
}

impl Block {
    /// Where it stands.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }

    /// Its commands. One is a line, or several of which all but the last end in a backslash.
    pub fn commands(&self) -> Vec<Command> {
        let mut commands = Vec::new();
        let mut open: Option<Command> = None;
        for (number, line) in self.text.lines().enumerate() {
            let mut command = open.take().unwrap_or_else(|| Command {
                place: format!("{}:{}", self.file, self.line + 1 + number),
                text: String::new(),
            });
            command.text.push_str(line);
            if line.ends_with('\\') {
                command.text.push('\n');
                open = Some(command);
            } else if !command.text.trim().is_empty() && !command.text.trim().starts_with('#') {
                commands.push(command);
            }
        }
        commands.extend(open);
        commands
    }
}

/// All Markdown files of the checkout, in the order of their names, from its root.
pub fn files(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = folder.join(&name);
            if entry.file_type()?.is_dir() {
                // What is built or installed, and what version control keeps.
                if !name.starts_with('.') && name != "target" && name != "node_modules" {
                    folders.push(path);
                }
            } else if name.ends_with(".md") {
                found.push(path.display().to_string());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The blocks of commands of a file, in order.
pub fn blocks(root: &Path, file: &str) -> Result<Vec<Block>> {
    let text = fs::read_to_string(root.join(file)).with_context(|| file.to_owned())?;
    parse(file, &text)
}

/// The blocks of commands of a text: those of the language `sh`. Every fence names its language, so that
/// no command stands where nobody runs it.
pub fn parse(file: &str, text: &str) -> Result<Vec<Block>> {
    let mut found = Vec::new();
    let (mut heading, mut mode) = (String::new(), Mode::Run);
    let mut lines = text.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        let line = line.trim();
        if let Some(language) = line.strip_prefix("```") {
            let inside: Vec<&str> = lines
                .by_ref()
                .map(|(line, _)| line)
                .take_while(|line| line.trim() != "```")
                .collect();
            let mode = std::mem::replace(&mut mode, Mode::Run);
            match language {
                "sh" => found.push(Block {
                    file: file.into(),
                    heading: heading.clone(),
                    line: number,
                    mode,
                    text: inside.join("\n"),
                }),
                "text" | "rust" | "json" => {}
                other => bail!(
                    "{file}:{number}: a block of `{other}`: commands are `sh`, other things `text`"
                ),
            }
        } else if line.starts_with('#') {
            heading = line.trim_start_matches('#').trim().into();
        } else if let Some(comment) = line.strip_prefix("<!--").and_then(|c| c.strip_suffix("-->"))
        {
            mode = mode_of(comment.trim(), mode).with_context(|| format!("{file}:{number}"))?;
        } else {
            ensure!(
                line.is_empty() || mode == Mode::Run,
                "{file}:{number}: between the comment and the block that it is about"
            );
        }
    }
    Ok(found)
}

/// What a comment says; a comment on something else changes nothing.
fn mode_of(comment: &str, now: Mode) -> Result<Mode> {
    if let Some(reason) = comment.strip_prefix("not run:") {
        ensure!(reason.trim().len() > 10, "`not run:` gives its reason");
        return Ok(Mode::NotRun(reason.trim().into()));
    }
    if let Some(ready) = comment.strip_prefix("background, ready at") {
        let ready = ready.trim().trim_matches('"');
        ensure!(!ready.is_empty(), "`background, ready at` says what is printed then");
        return Ok(Mode::Background(ready.into()));
    }
    Ok(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_before_a_block_says_what_is_done_with_it() -> Result<()> {
        let text = "## One\n\n<!-- not run: takes an hour or two -->\n```sh\na\n```\n\n```text\nb\n```\n\
            ## Two\n<!-- background, ready at \"up at \" -->\n\n```sh\nc\n```\n```sh\nd \\\n  e\n# f\n\ng   # h\n```\n";
        let blocks = parse("x.md", text)?;
        let seen: Vec<_> = blocks.iter().map(|b| (&*b.heading, b.line, b.mode.clone())).collect();
        assert_eq!(
            seen,
            [
                ("One", 4, Mode::NotRun("takes an hour or two".into())),
                ("Two", 14, Mode::Background("up at ".into())),
                ("Two", 17, Mode::Run),
            ]
        );
        let commands = blocks[2].commands();
        let seen: Vec<_> = commands.iter().map(|c| (&*c.place, &*c.text, c.comment())).collect();
        assert_eq!(seen, [("x.md:18", "d \\\n  e", ""), ("x.md:22", "g   # h", "h")]);
        Ok(())
    }

    #[test]
    fn nothing_is_left_out_without_a_reason_or_under_another_name() {
        for text in [
            "<!-- not run: -->\n```sh\na\n```\n",
            "<!-- background, ready at -->\n```sh\na\n```\n",
            "<!-- not run: takes an hour or two -->\nSomething else.\n",
            "```bash\na\n```\n",
            "```\na\n```\n",
        ] {
            assert!(parse("x.md", text).is_err(), "{text}");
        }
    }
}
