//! A reply that is read while it comes: a stream of events may go on for as long as the client stays.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::exchange::{HttpReply, HttpRequest};

/// Longest head, and longest line of a stream, in bytes.
const LONGEST: usize = 4 * 1024 * 1024;

/// A reply whose head has come.
#[derive(Debug)]
pub enum Incoming {
    /// It came in one piece.
    Whole(HttpReply),
    /// It is a stream of events.
    Stream(Events),
}

/// Messages that come one by one.
#[derive(Debug)]
pub struct Events {
    stream: TcpStream,
    /// Read, and not yet taken out of its parts.
    raw: Vec<u8>,
    /// None if the body is not in parts; else what is left of the part that is being read.
    part: Option<usize>,
    /// Taken out of its parts, and not yet a whole line.
    text: Vec<u8>,
    ended: bool,
}

impl HttpRequest {
    /// Sends the request over a connection of its own, and reads its reply up to the head; unless that announces a stream of
    /// events, up to the end.
    ///
    /// # Errors
    /// There is no connection, it breaks, or what comes is no HTTP.
    pub async fn open(&self, to: SocketAddr) -> io::Result<Incoming> {
        let mut stream = TcpStream::connect(to).await?;
        // A server may refuse and hang up before it has read everything: its reply counts.
        let _ = stream.write_all(&self.bytes()).await;
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(place) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break place + 4;
            }
            if bytes.len() > LONGEST || stream.read_buf(&mut bytes).await? == 0 {
                return Err(io::Error::other("the reply is no HTTP"));
            }
        };
        let head = HttpReply::parse(&bytes[..end]).ok_or_else(no_http)?;
        if !head.is_stream() {
            let read = stream.take(LONGEST as u64).read_to_end(&mut bytes).await;
            let reply = HttpReply::parse(&bytes).ok_or_else(no_http)?;
            return match read {
                // It hung up rudely; if everything was said before, that does not matter.
                Err(error) if !reply.is_complete() => Err(error),
                _ => Ok(Incoming::Whole(reply)),
            };
        }
        let in_parts = head.header("transfer-encoding") == Some("chunked");
        Ok(Incoming::Stream(Events {
            stream,
            raw: bytes.split_off(end),
            part: in_parts.then_some(0),
            text: Vec::new(),
            ended: false,
        }))
    }
}

impl Events {
    /// The data of the next event; none at the end of the stream.
    ///
    /// # Errors
    /// The connection breaks.
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            while let Some(place) = self.text.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.text.drain(..=place).collect();
                let line = String::from_utf8_lossy(&line);
                if let Some(data) = line.trim_end().strip_prefix("data:") {
                    // An event that only keeps the connection alive has none.
                    let data = data.trim_start();
                    if !data.is_empty() {
                        return Ok(Some(data.to_owned()));
                    }
                }
            }
            if self.ended || self.text.len() > LONGEST {
                return Ok(None);
            }
            if !self.take_out() {
                self.ended = self.stream.read_buf(&mut self.raw).await? == 0;
            }
        }
    }

    /// Takes what has come out of its parts. False if more has to come first.
    fn take_out(&mut self) -> bool {
        let Some(left) = &mut self.part else {
            self.text.append(&mut self.raw);
            return false;
        };
        if *left == 0 {
            // Behind a part stands the end of a line, and so does a length.
            let skip = self.raw.iter().take_while(|byte| b"\r\n".contains(byte));
            let skip = skip.count();
            let Some(end) = self.raw[skip..].iter().position(|byte| *byte == b'\n') else {
                return false;
            };
            let length = String::from_utf8_lossy(&self.raw[skip..skip + end]).into_owned();
            let length = length.split(';').next().unwrap_or_default().trim();
            *left = usize::from_str_radix(length, 16).unwrap_or(0);
            self.ended = *left == 0;
            self.raw.drain(..skip + end + 1);
            return true;
        }
        let taken = (*left).min(self.raw.len());
        self.text.extend(self.raw.drain(..taken));
        *left -= taken;
        taken > 0
    }
}

fn no_http() -> io::Error {
    io::Error::other("the reply is no HTTP")
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::{HttpRequest, Incoming};

    /// What a client reads of a server that sends these pieces, with a pause between them.
    async fn read(pieces: &'static [&'static str]) -> Vec<String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a client");
            // What nobody has read when a connection ends may end it rudely.
            stream.read_buf(&mut Vec::new()).await.expect("a request");
            for piece in pieces {
                stream.write_all(piece.as_bytes()).await.expect("it reads");
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        });
        let Incoming::Stream(mut events) = HttpRequest::new("GET", "/")
            .open(address)
            .await
            .expect("a reply")
        else {
            panic!("it is a stream");
        };
        let mut all = Vec::new();
        while let Some(event) = events.next().await.expect("it comes") {
            all.push(event);
        }
        all
    }

    #[tokio::test]
    async fn events_are_read_wherever_they_are_cut() {
        let all = read(&[
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nda",
            "ta: 1\r\n",
            "c\r\n\n\ndata: {\"a\"\r\n5\r\n:2}\n\n",
            "\r\n0\r\n\r\n",
        ])
        .await;
        assert_eq!(all, ["1", r#"{"a":2}"#]);
        let plain = read(&[
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n",
            "\ndata:\n\ndata: 2\n\n",
        ])
        .await;
        assert_eq!(plain, ["1", "2"]);
    }
}
