"""Language models: OpenAI's and Anthropic's dialects, and servers that speak them."""
