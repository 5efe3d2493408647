/** Who asks: a person in one of their sessions. The first parameter of every service method. */
export interface Actor {
  readonly userId: string;
  readonly sessionId: string;
}
