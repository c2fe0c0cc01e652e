//! Files with damage of every kind, made from good ones.

#![allow(dead_code, reason = "not each test that runs mutated inputs has files")]

use tensorama::tensor::Random;

/// Some of the bytes are others, are left out, are doubled, or come from another file.
pub fn damaged(files: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let any = |random: &mut Random, count: usize| random.below(count.max(1) as u64) as usize;
    let mut bytes = files[any(random, files.len())].clone();
    // Now and then, one as it is.
    for _ in 0..random.below(6) {
        // Mostly near the beginning, where it does the most.
        let reach = if random.below(2) == 0 {
            bytes.len()
        } else {
            bytes.len().min(128)
        };
        let at = any(random, reach + 1);
        let end = (at + 1 + any(random, 16)).min(bytes.len());
        let at = at.min(end);
        match random.below(8) {
            0 => {
                bytes.drain(at..end);
            }
            1 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            2 => {
                let other = &files[any(random, files.len())];
                let from = any(random, other.len());
                let to = (from + any(random, 64)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            3 => {
                let number =
                    [0, 1, 0x7f, 0x80, 0xff, 0xfffe, 0x7fff_ffff, 0xffff_ffff_u32][any(random, 8)];
                let number = if random.below(2) == 0 {
                    number.to_be_bytes()
                } else {
                    number.to_le_bytes()
                };
                for (byte, new) in bytes[at..].iter_mut().zip(number) {
                    *byte = new;
                }
            }
            4 => bytes.truncate(at.max(8)),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = match random.below(3) {
                        // A digit is what a length is made of.
                        0 => b'0' + random.below(10) as u8,
                        1 => *byte ^ 1 << random.below(8),
                        _ => random.below(256) as u8,
                    };
                }
            }
        }
    }
    bytes
}
