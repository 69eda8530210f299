package peer;

/** What came of a stream. */
interface Outcome {
    void ended();

    void failed(Throwable failure);
}
