package dev.rookery.audit;

/** What became of a walk along the chain. */
public sealed interface Verification {
  /**
   * Every record is the one that was written, and none is missing.
   *
   * @param seq number of the last record, and how many there are; 0 when there is none
   * @param hash of the last record: note both elsewhere, to verify against them later
   */
  record Whole(long seq, String hash) implements Verification {}

  /**
   * The first thing that is wrong.
   *
   * @param seq number of the record
   * @param sentence for people
   */
  record Broken(long seq, Flaw flaw, String sentence) implements Verification {}

  /** What can be wrong. */
  enum Flaw {
    /** A record does not have the hash that its fields give. */
    CHANGED("changed"),
    /** A record does not follow on the one before. */
    UNLINKED("unlinked"),
    /** A number is missing, with others after it. */
    GAP("gap"),
    /** The end is missing. */
    CUT_OFF("cut-off"),
    /** There are records after the end, or the end has another hash. */
    HEAD("head"),
    /** What was noted elsewhere is not what is here. */
    ANCHOR("anchor");

    private final String spelled;

    Flaw(String spelled) {
      this.spelled = spelled;
    }

    /** The spelling in the API. */
    public String spelled() {
      return spelled;
    }
  }
}
