"""How good the decisions are, measured on labelled cases."""
