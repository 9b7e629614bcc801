//! Amounts of memory as people write them.

/// Reads `800M`, `1.5G`, `1073741824`; K, M and G are powers of 1024.
///
/// # Errors
/// Words for what is no amount of memory.
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    let lower = text.trim().to_ascii_lowercase();
    let lower = lower.strip_suffix("ib").or_else(|| lower.strip_suffix('b')).unwrap_or(&lower);
    let (number, unit) = match lower.strip_suffix(['k', 'm', 'g', 't']) {
        Some(number) => (number, &lower[number.len()..]),
        None => (lower, ""),
    };
    let factor = match unit {
        "k" => 1024.0,
        "m" => 1024.0 * 1024.0,
        "g" => 1024.0 * 1024.0 * 1024.0,
        "t" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => 1.0,
    };
    match number.trim().parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok((number * factor) as u64),
        _ => Err("an amount of memory such as 800M or 1.5G is expected".to_owned()),
    }
}

/// Writes an amount of memory for people.
pub fn bytes(amount: u64) -> String {
    const MIB: f64 = 1024.0 * 1024.0;
    let amount = amount as f64;
    if amount < 1024.0 * MIB {
        format!("{:.0} MiB", amount / MIB)
    } else {
        format!("{:.2} GiB", amount / 1024.0 / MIB)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        assert_eq!(parse_bytes("1G"), Ok(1 << 30));
        assert_eq!(parse_bytes("1.5 MiB"), Ok(3 << 19));
        assert_eq!(parse_bytes("4096"), Ok(4096));
        assert_eq!(parse_bytes("2kb"), Ok(2048));
        for wrong in ["", "G", "-1G", "1X", "nan"] {
            assert!(parse_bytes(wrong).is_err(), "{wrong}");
        }
    }
}
