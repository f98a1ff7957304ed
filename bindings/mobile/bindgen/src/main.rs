//! UniFFI's own generator, at the version of `allonge-mobile`.

fn main() {
    uniffi::uniffi_bindgen_main();
}
