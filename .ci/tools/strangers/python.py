"""The official Python SDK as a client, in either era.

Reads a job as JSON from standard input, does it, and prints what came of it as one line of JSON.
"""

import asyncio
import json
import sys
from importlib.metadata import version

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp_types import ElicitResult, PromptReference

job = json.load(sys.stdin)
questions = []


async def answer(_context, params):
    """The user agrees to everything."""
    questions.append(params.message)
    return ElicitResult(action="accept", content={"sure": True})


def server():
    """Where the server is, in the form that the SDK wants."""
    if "stdio" in job:
        return StdioServerParameters(**job["stdio"])
    headers = {"Authorization": f"Bearer {job['http']['token']}"}
    return streamable_http_client(job["http"]["url"], http_client=httpx2.AsyncClient(headers=headers))


async def everything(list_page, items):
    """Everything in a list, page by page."""
    found, cursor = [], None
    while True:
        page = await list_page(cursor=cursor)
        found += getattr(page, items)
        cursor = page.next_cursor
        if cursor is None:
            return found


def plain(model):
    """What was received, with the names that it has on the wire."""
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


async def call(client, tool):
    result = await client.call_tool(*tool)
    text = result.content[0].text if result.content else ""
    return {"isError": bool(result.is_error), "data": result.structured_content, "text": text}


async def main():
    mode = "auto" if job["era"] == "modern" else "legacy"
    async with Client(server(), mode=mode, elicitation_callback=answer, read_timeout_seconds=20) as client:
        prompt, arguments = job["prompt"]
        name, value = job["complete"]
        found = {
            "sdk": version("mcp"),
            "server": plain(client.server_info),
            "revision": client.protocol_version,
            "tools": [tool.name for tool in await everything(client.list_tools, "tools")],
            "resources": [str(one.uri) for one in await everything(client.list_resources, "resources")],
            "templates": [
                one.uri_template for one in await everything(client.list_resource_templates, "resource_templates")
            ],
            "prompts": [one.name for one in await everything(client.list_prompts, "prompts")],
            "searched": await call(client, job["search"]),
            "created": await call(client, job["create"]),
            "read": plain(await client.read_resource(job["read"]))["contents"],
            "prompt": plain(await client.get_prompt(prompt, arguments))["messages"],
            "completed": (
                await client.complete(PromptReference(name=prompt), {"name": name, "value": value})
            ).completion.values,
            "deleted": await call(client, job["delete"]),
            "questions": questions,
        }
    print(json.dumps(found))


asyncio.run(main())
