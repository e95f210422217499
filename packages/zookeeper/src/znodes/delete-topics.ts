/** `/admin/delete_topics/<topic>`, without data: the topic is to be deleted. Source: Kafka's DeleteTopicsTopicZNode. */
export const DELETE_TOPICS_PATH = '/admin/delete_topics';

export function deleteTopicPath(topic: string): string {
  return `${DELETE_TOPICS_PATH}/${topic}`;
}
