//! 4.1 List with pages.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{decoded, uri_of};
use crate::harness::{Check, Context, Reply, Server, Verdict, Wrong, ensure, short, wrong};

const EXERCISE: &str = "4.1";
const PAGINATION: &str = "specification 2026-07-28, server/utilities/pagination";
const CURSORS: &str = "specification 2026-07-28, server/utilities/pagination, Error Handling";
const CACHING: &str = "specification 2026-07-28, server/utilities/caching";
/// So many resources are on a page at most.
const PAGE: usize = 10;
/// More pages than this are a list without an end.
const MOST_PAGES: usize = 100;

pub(super) fn checks() -> Vec<Check> {
    let all = [
        Check::new("list-in-pages", EXERCISE, in_pages)
            .says("`resources/list` gives out every project in pages of at most 10, each resource once, and comes to an end.")
            .why(
                "Without a limit the list grows with the tracker, and every client pays for all of it. A cursor that is still \
                 there on the last page sends it round in circles.",
                PAGINATION,
            ),
        Check::new("list-keeps-its-order", EXERCISE, keeps_its_order)
            .says("Two walks through the list see the same resources in the same order.")
            .why(
                "A cursor is a place in an order. If the order changes, resources are skipped and others come twice.",
                PAGINATION,
            ),
        Check::new("list-cursor-refused", EXERCISE, cursor_refused)
            .says("A cursor that is none is refused as an invalid parameter, and the server goes on.")
            .why(
                "A client that is answered with the first page begins again without knowing it, and never comes to an end.",
                CURSORS,
            ),
        Check::new("list-one-scope", EXERCISE, one_scope)
            .says("All pages of the list say the same about who may keep them.")
            .why(
                "The pages make one list. If one of them is private, a cache that shares the others gives out half of it.",
                CACHING,
            ),
    ];
    all.map(Check::leaves_no_trace).into()
}

/// All pages, the first one first.
async fn walk(server: &Server) -> Verdict<Vec<Reply>> {
    let mut pages = Vec::new();
    let mut seen = HashSet::new();
    let mut params = json!({});
    while pages.len() < MOST_PAGES {
        let page = server.request("resources/list", params).await?;
        let cursor = page
            .result()?
            .get("nextCursor")
            .filter(|next| !next.is_null());
        let Some(cursor) = cursor.cloned() else {
            pages.push(page);
            return Ok(pages);
        };
        ensure(seen.insert(cursor.to_string()), || {
            page.wrong("The list goes in a circle.")
                .expected("a cursor that was not given before, and none on the last page")
        })?;
        pages.push(page);
        params = json!({"cursor": cursor});
    }
    Err(wrong("The list has no end.")
        .sent("resources/list, and again with each cursor")
        .expected(format!(
            "a page without `nextCursor`, after at most {MOST_PAGES}"
        ))
        .got("one more cursor")
        .into())
}

/// What is on a page.
fn listed(page: &Reply) -> Result<&[Value], Wrong> {
    let list = page.result()?["resources"].as_array();
    list.map(Vec::as_slice).ok_or_else(|| {
        page.wrong("The page has no list of resources.")
            .expected("result.resources, a list")
    })
}

/// Whether a resource is the one of this project, however its id is written.
fn is_of(resource: &Value, project: &str) -> bool {
    let last = uri_of(resource).rsplit('/').next().unwrap_or_default();
    resource["name"] == project || decoded(last).as_deref() == Some(project)
}

async fn in_pages(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let pages = walk(&server).await?;
    let mut all = Vec::new();
    let mut uris = HashSet::new();
    for page in &pages {
        let listed = listed(page)?;
        ensure(listed.len() <= PAGE, || {
            page.wrong("A page has too many resources.")
                .expected(format!("at most {PAGE}"))
                .got(format!("{} resources", listed.len()))
        })?;
        for resource in listed {
            ensure(uris.insert(uri_of(resource)), || {
                page.wrong("A resource is listed twice.")
                    .expected("each URI once, on all pages together")
                    .got(short::json(resource))
            })?;
        }
        all.extend(listed);
    }
    for project in ctx.tracker()?.projects() {
        ensure(
            all.iter().any(|resource| is_of(resource, &project.id)),
            || {
                wrong("A project is not listed.")
                    .sent("resources/list, and again with each cursor")
                    .expected(format!(
                        "a resource with the name {}",
                        short::quoted(&project.id)
                    ))
                    .got(format!(
                        "{} other resources; pages: {}",
                        all.len(),
                        pages.len()
                    ))
            },
        )?;
    }
    Ok(())
}

async fn keeps_its_order(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let mut walks = Vec::new();
    for _ in 0..2 {
        let mut uris = Vec::new();
        for page in walk(&server).await? {
            uris.extend(listed(&page)?.iter().map(|one| uri_of(one).to_owned()));
        }
        walks.push(uris);
    }
    let [first, second] = walks.as_slice() else {
        return Ok(());
    };
    ensure(first == second, || {
        let sorted = |walk: &[String]| {
            let mut walk = walk.to_vec();
            walk.sort_unstable();
            walk
        };
        wrong("Two walks through the list see different things.")
            .sent("resources/list with each cursor, twice")
            .expected("the same resources in the same order: nothing has changed")
            .got(match sorted(first) == sorted(second) {
                true => "the same resources in another order",
                false => "other resources",
            })
    })?;
    Ok(())
}

async fn cursor_refused(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let params = json!({"cursor": "not-a-cursor"});
    let reply = server.request("resources/list", params).await?;
    let what = match reply.error() {
        Some(_) => "A cursor that is none is refused with another code.",
        None => "A cursor that is none is not refused.",
    };
    reply.expect_error(crate::harness::protocol::INVALID_PARAMS, what)?;
    let first = server.request("resources/list", json!({})).await?;
    listed(&first)?;
    Ok(())
}

async fn one_scope(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let pages = walk(&server).await?;
    let scope = |page: &Reply| page.result().map(|result| result["cacheScope"].clone());
    let mut first = None;
    for page in &pages {
        let own = scope(page)?;
        let first = first.get_or_insert_with(|| own.clone());
        ensure(*first == own, || {
            page.wrong("The pages say different things about who may keep them.")
                .expected(format!("cacheScope {first}, as on the first page"))
                .got(format!("cacheScope {own}"))
        })?;
    }
    Ok(())
}
