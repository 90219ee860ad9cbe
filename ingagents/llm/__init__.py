"""The language model the department asks: one question through cache, breaker, budget, throttle, server."""
