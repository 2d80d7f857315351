//! The burndown image: a PNG written by hand, since four colours on a small area need no compression.

const WIDTH: usize = 240;
const HEIGHT: usize = 120;
const MARGIN: usize = 10;

/// Working days of a sprint.
const DAYS: u32 = 10;

/// Red, green and blue of background, axes, ideal line and actual line.
const PALETTE: [u8; 12] = [255, 255, 255, 90, 90, 90, 170, 190, 220, 200, 60, 40];

const AXIS: u8 = 1;
const IDEAL: u8 = 2;
const ACTUAL: u8 = 3;

/// The burndown of a sprint of ten days: `total` points at its start, `done` of them finished by the end of `day`.
pub(crate) fn burndown(total: u32, done: u32, day: u32) -> Vec<u8> {
    let mut pixels = vec![0; WIDTH * HEIGHT];
    let (left, right, top, bottom) = (MARGIN, WIDTH - MARGIN, MARGIN, HEIGHT - MARGIN);
    let down = scale(done, total, bottom - top);
    let across = scale(day.clamp(1, DAYS), DAYS, right - left);
    line(&mut pixels, (left, top), (right, bottom), IDEAL);
    line(
        &mut pixels,
        (left, top),
        (left + across, top + down),
        ACTUAL,
    );
    line(&mut pixels, (left, top), (left, bottom), AXIS);
    line(&mut pixels, (left, bottom), (right, bottom), AXIS);
    encode(&pixels)
}

/// `part` of `whole` on a stretch of so many pixels.
fn scale(part: u32, whole: u32, length: usize) -> usize {
    part.min(whole) as usize * length / whole.max(1) as usize
}

/// Draws a line that runs from the left to the right, or straight down.
fn line(pixels: &mut [u8], from: (usize, usize), to: (usize, usize), colour: u8) {
    let (width, height) = (to.0 - from.0, to.1 - from.1);
    let steps = width.max(height).max(1);
    for step in 0..=steps {
        let (x, y) = (
            from.0 + width * step / steps,
            from.1 + height * step / steps,
        );
        pixels[y * WIDTH + x] = colour;
    }
}

/// Puts the pixels into the chunks of a PNG: a palette, two bits a pixel.
fn encode(pixels: &[u8]) -> Vec<u8> {
    let mut rows = Vec::with_capacity(HEIGHT * (1 + WIDTH / 4));
    for row in pixels.chunks(WIDTH) {
        rows.push(0); // no filter
        rows.extend(
            row.chunks(4)
                .map(|four| four.iter().fold(0, |byte, pixel| byte << 2 | pixel)),
        );
    }
    let mut header = Vec::new();
    header.extend((WIDTH as u32).to_be_bytes());
    header.extend((HEIGHT as u32).to_be_bytes());
    header.extend([2, 3, 0, 0, 0]); // two bits a pixel, palette, deflate, filters of method 0, not interlaced

    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut png, b"IHDR", &header);
    chunk(&mut png, b"PLTE", &PALETTE);
    chunk(&mut png, b"IDAT", &stored(&rows));
    chunk(&mut png, b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    png.extend((data.len() as u32).to_be_bytes());
    let begin = png.len();
    png.extend(kind);
    png.extend(data);
    let sum = crc32(&png[begin..]);
    png.extend(sum.to_be_bytes());
}

/// A zlib stream of stored blocks, RFC 1950 and 1951: the data as it is, with lengths and a sum around it.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks = data.chunks(usize::from(u16::MAX));
    let last = blocks.len().saturating_sub(1);
    for (number, block) in blocks.enumerate() {
        let length = block.len() as u16;
        stream.push(u8::from(number == last));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    stream.extend(adler32(data).to_be_bytes());
    stream
}

fn adler32(data: &[u8]) -> u32 {
    let (a, b) = data.iter().fold((1u32, 0u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 {
                sum >> 1 ^ 0xedb8_8320
            } else {
                sum >> 1
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_are_those_of_the_standards() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn the_picture_follows_the_figures() {
        assert_eq!(burndown(30, 10, 3), burndown(30, 10, 3));
        assert_ne!(burndown(30, 10, 3), burndown(30, 11, 3));
        for (total, done, day) in [(0, 0, 0), (5, 9, 99), (u32::MAX, 1, 1)] {
            assert!(burndown(total, done, day).len() < 10_000);
        }
    }
}
