// A client of iso4 serve: functions of this program are tools of the code that it runs. rustc client.rs && ./client
use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

/// The value of a member, as it stands in the text. Real programs use a JSON library.
fn member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let (mut depth, mut in_string, mut escaped, mut start, key) = (0, false, false, 1, format!("\"{name}\":"));
    for (at, c) in object.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => in_string = !in_string,
            _ if in_string => {}
            '{' | '[' => depth += 1,
            ',' | '}' | ']' => {
                if depth == 1 {
                    if let Some(value) = object[start..at].strip_prefix(&key) {
                        return Some(value);
                    }
                    start = at + 1;
                }
                depth -= (c != ',') as i32;
            }
            _ => {}
        }
    }
    None
}

/// A tool: JSON arguments in, the member of a response out.
fn weather(args: &str) -> String {
    match args {
        r#"["Atlantis"]"# => r#""error":{"code":1,"message":"no such city"}"#.into(), // an exception
        city => format!(r#""result":{{"value":{{"celsius":{}}}}}"#, city.len() - 4),
    }
}

struct Iso4(ChildStdin, BufReader<ChildStdout>);

impl Iso4 {
    fn send(&mut self, message: String) {
        writeln!(self.0, r#"{{"jsonrpc":"2.0",{message}}}"#).expect("iso4 serve has ended");
    }

    /// Sends a request, answers calls, and returns the response.
    fn request(&mut self, id: &str, method: &str, params: &str) -> String {
        self.send(format!(r#""id":{id},"method":"{method}","params":{params}"#));
        loop {
            let mut line = String::new();
            assert!(self.1.read_line(&mut line).unwrap() > 0, "iso4 serve has ended");
            let at = member(&line, "id").unwrap_or(""); // notifications have none
            if member(&line, "method") == Some(r#""tool/call""#) {
                let args = member(member(&line, "params").unwrap(), "args").unwrap();
                self.send(format!(r#""id":{at},{}"#, weather(args)));
            } else if at == id {
                return line.clone();
            }
        }
    }
}

fn main() {
    let mut child = Command::new("iso4").arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut iso4 = Iso4(child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    iso4.request("0", "initialize", r#"{"protocolVersion":1,"capabilities":{"tools":{}}}"#);
    for cities in ["['Oslo', 'Rome']", "['Atlantis']"] {
        let code = format!("export default (await Promise.all({cities}.map((c) => weather(c)))).map((w) => w.celsius)");
        let params = format!(r#"{{"code":"{code}","globals":{{"weather":{{"caller":true}}}}}}"#);
        let response = iso4.request("1", "run", &params);
        let result = member(&response, "result").unwrap();
        let failed = member(result, "error").map(|error| member(error, "message").unwrap());
        println!("{}", failed.or(member(member(result, "exports").unwrap_or(""), "default")).unwrap());
    }
}
