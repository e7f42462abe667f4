/** What went wrong, where something did. */
export const Trouble = ({ error }: { error: string | null }) => error && <p className="note bad" role="alert">{error}</p>;

/** Instead of what is not there yet. */
export const Loading = ({ error }: { error: string | null }) => (error ? <Trouble error={error} /> : <p className="note">Loading …</p>);
