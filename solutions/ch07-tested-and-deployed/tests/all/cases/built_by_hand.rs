//! A title that was never checked: nobody has asked `Title::parse`.

use ch07_tested_and_deployed_solution::title::Title;

fn main() {
    let _unchecked = Title { 0: String::new() };
}
