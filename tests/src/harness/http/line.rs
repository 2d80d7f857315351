//! A connection that stays in the hands of the check: for requests that come in parts, or never to their end, and for
//! replies that are read while they come, or not at all.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::time::timeout;

use super::exchange::{HttpReply, HttpRequest};
use super::remote::Remote;
use crate::harness::finding::{Stop, Verdict, wrong};
use crate::harness::limits::spoken;

/// So much of a reply that nobody reads waits on this side, in bytes. Small, so that the server soon notices.
const UNREAD: u32 = 2048;

/// How a request says where its body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// By its length, in bytes: true or not.
    Length(u64),
    /// By its parts, each with its own length.
    Chunked,
}

/// A connection on which a request has begun. When it is dropped, it ends.
#[derive(Debug)]
pub struct Line {
    stream: tokio::net::TcpStream,
    remote: Remote,
    request: String,
    got: Vec<u8>,
}

impl Remote {
    /// Begins a request: sends everything before its body.
    ///
    /// # Errors
    /// There is no connection.
    pub async fn begin(&self, request: &HttpRequest, framing: Framing) -> Verdict<Line> {
        let head = request.head(framing);
        let name = format!("{} {}", request.method, request.target);
        let failed = |error: std::io::Error| {
            let failed = wrong("The server cannot be reached over HTTP.").sent(name.clone());
            Stop::from(failed.expected("a connection").got(error.to_string()))
        };
        let socket = TcpSocket::new_v4().map_err(failed)?;
        socket.set_recv_buffer_size(UNREAD).map_err(failed)?;
        let stream = socket.connect(self.address()).await.map_err(failed)?;
        self.log().sent(&format!("{name} begins"));
        let mut line = Line {
            stream,
            remote: self.clone(),
            request: name,
            got: Vec::new(),
        };
        line.write(head.as_bytes()).await;
        Ok(line)
    }

    /// Sends a whole request, and leaves its reply to be read, or not.
    ///
    /// # Errors
    /// There is no connection.
    pub async fn open_line(&self, request: &HttpRequest) -> Verdict<Line> {
        let length = Framing::Length(request.body.len() as u64);
        let mut line = self.begin(request, length).await?;
        line.write(&request.body).await;
        Ok(line)
    }
}

impl Line {
    /// Sends bytes of the body. A server that has hung up does not get them: what it said before counts.
    pub async fn write(&mut self, bytes: &[u8]) {
        let limit = self.remote.process().limits().request();
        let _ = timeout(limit, self.stream.write_all(bytes)).await;
    }

    /// Sends one part of a chunked body; an empty one ends it.
    pub async fn part(&mut self, bytes: &[u8]) {
        let part = [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
        self.write(&part).await;
    }

    /// Whether the server has said anything, or has hung up.
    pub fn is_answered(&mut self) -> bool {
        match self.stream.try_read_buf(&mut self.got) {
            Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
            Ok(_) => true,
        }
    }

    /// Reads on until this text has come `times` times in all.
    ///
    /// # Errors
    /// It does not come within the request limit, or the reply ends before.
    pub async fn heard(&mut self, text: &str, times: usize) -> Verdict {
        let limit = self.remote.process().limits().request();
        let reading = async {
            while String::from_utf8_lossy(&self.got).matches(text).count() < times {
                if matches!(self.stream.read_buf(&mut self.got).await, Ok(0) | Err(_)) {
                    return false;
                }
            }
            true
        };
        match timeout(limit, reading).await {
            Ok(true) => Ok(()),
            ended => Err(wrong("The server does not tell what it should.")
                .sent(self.request.clone())
                .expected(format!("{text} in the reply"))
                .got(match ended {
                    Ok(_) => "the end of the reply".to_owned(),
                    Err(_) => format!("nothing of it within {}", spoken(limit)),
                })
                .into()),
        }
    }

    /// Reads the reply to its end. Nothing if the server hangs up without one.
    ///
    /// # Errors
    /// The server neither replies nor hangs up within the request limit.
    pub async fn reply(mut self) -> Verdict<Option<HttpReply>> {
        let limit = self.remote.process().limits().request();
        match timeout(limit, self.stream.read_to_end(&mut self.got)).await {
            // A connection that broke may have brought a reply before.
            Ok(_) => {
                let reply = HttpReply::parse(&self.got);
                let got = reply.as_ref().map(HttpReply::got);
                let log = self.remote.log();
                log.received(&got.unwrap_or_else(|| "the end of the connection".into()));
                Ok(reply)
            }
            Err(_) => Err(wrong("The server did not answer over HTTP.")
                .sent(self.request.clone())
                .expected("a reply")
                .got(format!("nothing within {}", spoken(limit)))
                .into()),
        }
    }
}
