use super::*;

const SOLUTION: &str = "\
fn read() -> Reply {
    // STARTER 4.2: if true {
    // STARTER 4.2:     return not_yet(\"4.2\");
    // STARTER 4.2: }
    // ANCHOR: ex-4-2
    let key = parse();
    // ANCHOR_END: ex-4-2
    // ANCHOR: ex-4-2-b
    let more = 1;
    // ANCHOR_END: ex-4-2-b
    done()
}
";

#[test]
fn a_chapter_has_the_starter_between_the_learners_markers() {
    let solution = Solution::parse(SOLUTION).expect("parses");
    assert_eq!(
        solution.chapter_text(|_| Fill::Starter),
        "\
fn read() -> Reply {
    // Exercise 4.2 begins. Hint: cargo xtask hint 4.2
    if true {
        return not_yet(\"4.2\");
    }
    // Exercise 4.2 ends.
    // Exercise 4.2-b begins. Hint: cargo xtask hint 4.2
    // Exercise 4.2-b ends.
    done()
}
"
    );
}

#[test]
fn what_a_chapter_was_made_of_can_be_read_back() {
    let solution = Solution::parse(SOLUTION).expect("parses");
    for fill in [Fill::Starter, Fill::Solved] {
        let learner = Learner::parse(&solution.chapter_text(|_| fill));
        assert_eq!(learner.regions.len(), 2);
        for region in solution.regions() {
            let own = learner.region(&region.id).expect("is there");
            assert!(own.equals(region.lines(fill)));
        }
    }
}

#[test]
fn plain_text_has_no_marker() {
    let solution = Solution::parse(SOLUTION).expect("parses");
    assert_eq!(
        solution.plain_text(|_| Fill::Solved),
        "fn read() -> Reply {\n    let key = parse();\n    let more = 1;\n    done()\n}\n"
    );
}

#[test]
fn a_slip_in_the_markers_is_named_with_its_line() {
    let slips = [
        (
            "// ANCHOR: ex-1-1\nx\n",
            "line 1: region 1.1 is never closed",
        ),
        (
            "// ANCHOR: ex-1-1\n// ANCHOR: ex-1-2\n",
            "line 2: region 1.2 begins inside region 1.1; regions do not nest",
        ),
        (
            "// ANCHOR: ex-1-1\nx\n// ANCHOR_END: ex-1-1\n// ANCHOR: ex-1-1\n",
            "line 4: region 1.1 is there twice; call this one 1.1-b or so",
        ),
        (
            "// STARTER 1.1: x\ny\n",
            "line 2: the starter of 1.1 is not followed by its ANCHOR",
        ),
        (
            "// STARTER 1.2: x\n// ANCHOR: ex-1-1\n",
            "line 1: this starter is of 1.2, but region 1.1 follows it",
        ),
        (
            "// ANCHOR: ex-1.1\n",
            "line 1: `ex-1.1` is no region; the form is ex-4-2, further ones ex-4-2-b",
        ),
        (
            "// ANCHOR: ex-1-1\nx\n// ANCHOR_END: ex-1-2\n",
            "line 3: `ex-1-2` ends here, but region 1.1 is open",
        ),
        (
            "// ANCHOR_END: ex-1-1\n",
            "line 1: `ex-1-1` ends here but never began",
        ),
        (
            "// STARTER 1.1: x\n// ANCHOR: ex-1-1\nx\n// ANCHOR_END: ex-1-1\n",
            "line 2: the solution of region 1.1 equals its starter",
        ),
        (
            "// ANCHOR ex-1-1\n",
            "line 1: a marker is `ANCHOR: ex-4-2`, `ANCHOR_END: ex-4-2` or `STARTER 4.2: text`",
        ),
    ];
    for (text, expected) in slips {
        let error = Solution::parse(text).expect_err(text);
        assert_eq!(error.to_string(), expected, "for {text:?}");
    }
}

#[test]
fn a_learner_may_lose_a_marker() {
    let text = "// Exercise 1.1 begins. Hint: x\na\n// Exercise 1.2 begins. Hint: x\nb\n// Exercise 1.2 ends.\n";
    let learner = Learner::parse(text);
    assert!(learner.region("1.1").is_none());
    assert_eq!(learner.region("1.2").expect("is there").body, ["b"]);
}
