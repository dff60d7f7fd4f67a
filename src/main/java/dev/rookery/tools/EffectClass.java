package dev.rookery.tools;

/** What may be done about a call of which a crash left unknown whether it happened (spec 02). */
public enum EffectClass {
  /** Nothing outside changes: run again. */
  PURE,
  /** The other side deduplicates by our idempotency key: run again with the same key. */
  KEYED,
  /** The other side can be asked whether it happened: look first, then finish or run. */
  RECONCILABLE,
  /** A command whose exit code the sandbox records: ask for it, else unknown. */
  SANDBOX,
  /** Never again without a person. The default of tools that declare nothing. */
  UNSAFE
}
