//! A title that was checked, and changed after that.

use ch07_tested_and_deployed_solution::title::Title;

fn main() {
    if let Ok(mut title) = Title::parse("Draw the map") {
        title.0 = String::new();
    }
}
