//! The least that a server could do with a line: the yardstick for the chapters' servers.

use std::io::{self, BufRead, Write};

/// Answers every line with a fixed one that carries the same id, until the input ends.
///
/// # Errors
/// The input cannot be read, or nobody reads the output.
pub fn echo(mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut line = Vec::new();
    let mut reply = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        reply.clear();
        reply.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
        reply.extend_from_slice(id(&line));
        reply.extend_from_slice(
            br#","result":{"resultType":"complete","content":[{"type":"text","text":"Hello, Ada!"}],"isError":false}}"#,
        );
        reply.push(b'\n');
        output.write_all(&reply)?;
        output.flush()?;
        line.clear();
    }
    Ok(())
}

/// The digits after the first `"id":`; nothing if there is none.
pub(super) fn id(line: &[u8]) -> &[u8] {
    const KEY: &[u8] = br#""id":"#;
    let place = line.windows(KEY.len()).position(|window| window == KEY);
    let rest = place.map_or(&[][..], |place| &line[place + KEY.len()..]);
    let end = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    &rest[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_comes_back() {
        let asked = b"{\"jsonrpc\":\"2.0\",\"id\":17,\"method\":\"tools/call\"}\n{\"id\":4}\n";
        let mut said = Vec::new();
        echo(&asked[..], &mut said).expect("nothing can go wrong in memory");
        let ids: Vec<&[u8]> = said.split(|byte| *byte == b'\n').map(id).collect();
        assert_eq!(ids, [&b"17"[..], b"4", b""]);
    }
}
