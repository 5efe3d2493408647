/** The addresses of this page. */
export function toConversationPath(conversationId: string): string {
  return `/c/${conversationId}`;
}

export function toMessagePath(conversationId: string, seq: number): string {
  return `/c/${conversationId}/m/${seq}`;
}
