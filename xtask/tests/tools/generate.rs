//! `generate` and `generate --check`.

use crate::fixture::Checkout;

#[test]
fn drift_is_found_written_and_gone() {
    let checkout = Checkout::new();
    let file = checkout.file_of("2.4");
    let fresh = checkout.read(&file);
    checkout.run(&["generate", "--check"]).exits(0);

    checkout.write(&file, "an author's slip");
    checkout
        .run(&["generate", "--check"])
        .exits(1)
        .says(&[&format!("differs  {file}")]);
    checkout
        .run(&["generate", "ch02"])
        .exits(0)
        .says(&[&format!("written  {file}"), "kept      chapters/.undo/"]);
    assert_eq!(checkout.read(&file), fresh);
    checkout.run(&["generate", "--check"]).exits(0);

    // A learner may have run it by mistake.
    checkout.run(&["reset", "--undo"]).exits(0);
    assert_eq!(checkout.read(&file), "an author's slip");
}
